/**
 * Gaussian noise on every pixel (Bishop, "Training with noise is equivalent to Tikhonov
 * regularization", Neural Computation 7(1), 1995, treats noise on inputs).
 *
 *     x' = round(x + 255 · deviation · n), kept from 0 to 255        n normal, for each pixel by itself
 *
 * Pixels stay whole numbers of 8 bits. So noise of less than about 1/1000 does nothing, and that on a
 * black pixel is cut off below: its mean there is 0.4 · deviation, not 0. About half of the black pixels
 * become grey, and the first layer has that many more numbers to multiply.
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
import { type Augmentation, settled } from "./augmentation.ts";
import { words } from "./draw.ts";

/** Options of {@linkcode noise}. */
export interface NoiseOptions {
  /** Deviation as a share of the range from black to white. */
  readonly deviation?: number;
}

const options = z.strictObject({
  deviation: z.number().min(0).max(10).default(0.05)
    .describe("deviation of the noise, as a share of the range from black to white"),
});

/** Independent normal noise on each pixel. */
export function noise(overrides: NoiseOptions = {}): Augmentation {
  const { deviation } = withDefaults(options, overrides);
  return {
    isMixture: false,
    apply(images, draw) {
      const before = settled(images);
      const { shape } = before.x;
      // 64 random bits of the sample at this step are where its pixels begin to count
      const [low, high] = words(draw, 0).map((word) => broadcastColumn(word, shape[1]));
      const counters = addInteger(low, columnIndex(shape));
      const pixels = threefryOf(threefry(draw.key, 1, 0), counters, high);
      return { ...before, x: addNoise(before.x, mul(normalFromBits(pixels), 255 * deviation)) };
    },
  };
}

export const noiseEntry: Entry<NoiseOptions, Augmentation> = entry({
  doc: "Adds normal noise to each pixel, which stays a whole number of 8 bits",
  options,
  create: noise,
});
