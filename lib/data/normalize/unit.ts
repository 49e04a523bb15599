/**
 * Normalization to the range from 0 to 1.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import type { Normalizer } from "./normalizer.ts";
import { safeInverse, valueRange } from "./statistics.ts";

/**
 * Returns the normalizer that maps the features of the training split to the range 0 … 1. 8-bit features
 * are divided by 255. Others are mapped by y = (x − min) / (max − min), where min and max are the smallest
 * and largest of all features in the training split. If max − min is 0, or so small that its inverse
 * overflows 32 bits, the scale is 1.
 */
export function unit(): Normalizer {
  return (train) => {
    if (train.samples.values instanceof Uint8Array) {
      return { name: "unit", shift: 0, scale: 1 / 255 };
    }
    const { min, max } = valueRange(train);
    return { name: "unit", shift: min, scale: safeInverse(max - min) };
  };
}

export const unitEntry: Entry<Record<string, never>, Normalizer> = entry({
  doc: "Maps the features to 0 to 1: pixels by 1/255, others by the training split's range",
  create: unit,
});
