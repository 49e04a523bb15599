/**
 * Random numbers of augmentations: pure functions of a key, the sample's row and the training step.
 *
 * @module
 */

import { mul, sub, type Tensor, threefry, threefryOf, unitInterval } from "../../tensor/mod.ts";
import type { AugmentationContext } from "./augmentation.ts";

/**
 * Returns two random 32-bit words for each sample, each integer [batch]. Words for different values of
 * `stream`, an integer from 0, are independent.
 */
export function randomWords(
  { key, samples, step }: Pick<AugmentationContext, "key" | "samples" | "step">,
  stream: number,
): readonly [Tensor, Tensor] {
  return threefryOf(threefry(key, stream, 0), samples, step);
}

/** Converts random 32-bit words to uniform random numbers from −bound to below bound. */
export function symmetricUniform(word: Tensor, bound: number): Tensor {
  return sub(mul(unitInterval(word), 2 * bound), bound);
}
