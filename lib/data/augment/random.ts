/**
 * Random numbers of augmentations, as pure functions of a key, the number of the sample and the step.
 *
 * @module
 */

import { mul, sub, type Tensor, threefry, threefryOf, unitInterval } from "../../tensor/mod.ts";
import type { AugmentationContext } from "./augmentation.ts";

/** Returns two random words for each sample, integer [batch] each. Each `number` gives independent ones. */
export function randomWords(
  { key, samples, step }: Pick<AugmentationContext, "key" | "samples" | "step">,
  number: number,
): readonly [Tensor, Tensor] {
  return threefryOf(threefry(key, number, 0), samples, step);
}

/** Returns a uniform number from −bound to bound, computed from a random word. */
export function symmetricUniform(word: Tensor, bound: number): Tensor {
  return sub(mul(unitInterval(word), 2 * bound), bound);
}
