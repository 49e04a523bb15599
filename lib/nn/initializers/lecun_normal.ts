/**
 * LeCun's initialization, normal:  W ~ N(0, 1 / fanIn)
 *
 * LeCun, Bottou, Orr and Müller, "Efficient BackProp" (in "Neural networks: tricks of the trade", 1998),
 * equation 16: the variance that keeps the size of the signal through a linear layer.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, normal } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with normal numbers of mean 0 and standard deviation 1 / √fanIn. */
export function lecunNormal(): Initializer {
  return (key, shape, { fanIn }) => mul(normal(key, shape), Math.sqrt(1 / fanIn));
}

export const lecunNormalEntry: Entry<Record<string, never>, Initializer> = entry({
  doc: "Normal, variance 1 / fan-in (LeCun et al., 1998): for linear layers and tanh",
  create: lecunNormal,
});
