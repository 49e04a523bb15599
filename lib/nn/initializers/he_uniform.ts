/**
 * He's initialization, uniform:  W ~ U(−a, a),  a = √(6 / fanIn)
 *
 * The variance a² / 3 = 2 / fanIn is that of He, Zhang, Ren and Sun, "Delving deep into rectifiers"
 * (ICCV 2015), equation 10; the paper itself uses normal numbers.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { uniform } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with uniform numbers between ±√(6 / fanIn). */
export function heUniform(): Initializer {
  return (key, shape, { fanIn }) => {
    const bound = Math.sqrt(6 / fanIn);
    return uniform(key, shape, -bound, bound);
  };
}

export const heUniformEntry: Entry<Record<string, never>, Initializer> = entry({
  doc: "Uniform, variance 2 / fan-in (He et al., 2015): for layers followed by ReLU",
  create: heUniform,
});
