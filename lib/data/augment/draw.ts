/**
 * Random numbers of augmentations: pure functions of a key, the sample's number and the step.
 *
 * @module
 */

import { mul, sub, type Tensor, threefry, threefryOf, unitInterval } from "../../tensor/mod.ts";
import type { Draw } from "./augmentation.ts";

/** Two random words for each sample, integer [batch] each; other numbers give others. */
export function words(
  { key, samples, step }: Pick<Draw, "key" | "samples" | "step">,
  number: number,
): readonly [Tensor, Tensor] {
  return threefryOf(threefry(key, number, 0), samples, step);
}

/** A uniform number from −size to size, of a random word. */
export function within(word: Tensor, size: number): Tensor {
  return sub(mul(unitInterval(word), 2 * size), size);
}
