/**
 * Gaussian noise on every pixel (Bishop, "Training with noise is equivalent to Tikhonov
 * regularization", Neural Computation 7(1), 1995, treats noise on inputs).
 *
 *     x' = clamp(round(x + 255 · deviation · n), 0, 255)        n standard normal, independent for each pixel
 *
 * Pixels stay 8-bit whole numbers. Deviations below about 1/1000 therefore have no effect, and noise on a
 * black pixel is cut off at 0: its mean there is 0.4 · deviation instead of 0. About half of the black
 * pixels become grey, so the first layer has as many more numbers to multiply.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  addInteger,
  addNoise,
  broadcastColumn,
  columnIndex,
  mul,
  normalFromBits,
  threefry,
  threefryOf,
} from "../../tensor/mod.ts";
import { applyPendingWarp, type Augmentation } from "./augmentation.ts";
import { randomWords } from "./random.ts";

/** Options of {@linkcode noise}. */
export interface NoiseOptions {
  /** Standard deviation of the noise, as a fraction of the range from black to white. Defaults to 0.05. */
  readonly deviation?: number;
}

const options = z.strictObject({
  deviation: z.number().min(0).max(10).default(0.05)
    .describe("standard deviation of the noise, as a fraction of the range from black to white"),
});

/** Returns an augmentation that adds independent normal noise to each pixel. */
export function noise(overrides: NoiseOptions = {}): Augmentation {
  const { deviation } = withDefaults(options, overrides);
  return {
    isMixture: false,
    apply(images, context) {
      const before = applyPendingWarp(images);
      const { shape } = before.x;
      // the pixels of a sample count from 64 random bits of the sample and the step
      const [low, high] = randomWords(context, 0).map((word) => broadcastColumn(word, shape[1]));
      const counters = addInteger(low, columnIndex(shape));
      const pixels = threefryOf(threefry(context.key, 1, 0), counters, high);
      return { ...before, x: addNoise(before.x, mul(normalFromBits(pixels), 255 * deviation)) };
    },
  };
}

export const noiseEntry: Entry<NoiseOptions, Augmentation> = entry({
  doc: "Adds normal noise to each pixel, which stays an 8-bit whole number",
  options,
  create: noise,
});
