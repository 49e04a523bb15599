/**
 * LeCun's initialization, uniform:  W ~ U(−a, a),  a = √(3 / fanIn)
 *
 * The variance a² / 3 = 1 / fanIn is that of LeCun, Bottou, Orr and Müller, "Efficient BackProp" (in
 * "Neural networks: tricks of the trade", 1998), equation 16.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { uniform } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with uniform numbers between ±√(3 / fanIn). */
export function lecunUniform(): Initializer {
  return (key, shape, { fanIn }) => {
    const bound = Math.sqrt(3 / fanIn);
    return uniform(key, shape, -bound, bound);
  };
}

export const lecunUniformEntry: Entry<Record<string, never>, Initializer> = entry({
  doc: "Uniform, variance 1 / fan-in (LeCun et al., 1998): for linear layers and tanh",
  create: lecunUniform,
});
