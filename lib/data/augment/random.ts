/**
 * Random numbers of augmentations: pure functions of a key, the sample's row and the training step.
 *
 * @module
 */

import { mul, sub, type Tensor, threefry, threefryOf, unitInterval } from "../../tensor/mod.ts";
import type { AugmentationContext } from "./augmentation.ts";

/**
 * Returns two random 32-bit words for each sample, each integer [batch]. Words for different values of
 * `number` are independent.
 */
export function randomWords(
  { key, samples, step }: Pick<AugmentationContext, "key" | "samples" | "step">,
  number: number,
): readonly [Tensor, Tensor] {
  return threefryOf(threefry(key, number, 0), samples, step);
}

/** Returns numbers that are uniform from −bound to bound, computed from random words. */
export function symmetricUniform(word: Tensor, bound: number): Tensor {
  return sub(mul(unitInterval(word), 2 * bound), bound);
}
