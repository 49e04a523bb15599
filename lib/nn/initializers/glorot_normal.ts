/**
 * Glorot's initialization, normal:  W ~ N(0, 2 / (fanIn + fanOut))
 *
 * The variance is that of Glorot and Bengio, "Understanding the difficulty of training deep
 * feedforward neural networks" (AISTATS 2010), equation 12; the paper itself uses uniform numbers.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, normal } from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Returns an initializer with normal numbers of mean 0 and standard deviation √(2 / (fanIn + fanOut)). */
export function glorotNormal(): Initializer {
  return (key, shape, { fanIn, fanOut }) =>
    mul(normal(key, shape), Math.sqrt(2 / (fanIn + fanOut)));
}

export const glorotNormalEntry: Entry<Record<string, never>, Initializer> = entry({
  doc:
    "Normal, variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010): for linear layers and tanh",
  create: glorotNormal,
});
