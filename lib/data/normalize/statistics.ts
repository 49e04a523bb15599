/**
 * Statistics of the features of a split, from which normalizations are computed.
 *
 * Sums are 64-bit and add the rows in rising order.
 *
 * @module
 */
import type { Split } from "../dataset.ts";
import { featureCount } from "../split/samples.ts";

/** Computes the mean of each feature over the samples of a split [features]. */
export function featureMeans(split: Split): Float64Array<ArrayBuffer> {
  const { samples: { values }, rows } = split;
  const features = featureCount(split);
  const sums = new Float64Array(features);
  for (const row of rows) {
    const start = row * features;
    for (let f = 0; f < features; f++) {
      sums[f] = sums[f] + values[start + f];
    }
  }
  for (let f = 0; f < features; f++) sums[f] = sums[f] / rows.length;
  return sums;
}

/**
 * Computes the mean squared distance (x − c)² of each feature from its centre c over the samples of a split
 * [features]. `centres` has the centre of each feature.
 */
export function meanSquaredDistances(
  split: Split,
  centres: Float64Array,
): Float64Array<ArrayBuffer> {
  const { samples: { values }, rows } = split;
  const features = featureCount(split);
  const sums = new Float64Array(features);
  for (const row of rows) {
    const start = row * features;
    for (let f = 0; f < features; f++) {
      const distance = values[start + f] - centres[f];
      sums[f] = sums[f] + distance * distance;
    }
  }
  for (let f = 0; f < features; f++) sums[f] = sums[f] / rows.length;
  return sums;
}

/** Returns the smallest and the largest value over all features and samples of a split. */
export function valueRange(split: Split): { readonly min: number; readonly max: number } {
  const { samples: { values }, rows } = split;
  const features = featureCount(split);
  let min = Infinity;
  let max = -Infinity;
  for (const row of rows) {
    for (let i = row * features; i < (row + 1) * features; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
  }
  return { min, max };
}

/**
 * Returns 1 / spread, or 1 if this is not a finite 32-bit number. This is the case for a spread of 0 or
 * below 3e-39, which means that the values from which it was computed are practically equal.
 */
export function safeInverse(spread: number): number {
  const scale = 1 / spread;
  return Number.isFinite(Math.fround(scale)) ? scale : 1;
}
