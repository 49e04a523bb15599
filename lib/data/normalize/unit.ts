import { type Entry, entry } from "../../config/registry.ts";
import type { Normalizer } from "./normalizer.ts";
import { inverse, range } from "./statistics.ts";

/**
 * Maps 8-bit features by their type's range, y = x / 255, and others by the range that the training
 * split has over all features together, y = (x − min) / (max − min). Where max − min is 0, or too
 * small for its inverse to be a 32-bit number, the scale is 1.
 */
export function unit(): Normalizer {
  return (train) => {
    if (train.samples.values instanceof Uint8Array) {
      return { name: "unit", shift: 0, scale: 1 / 255 };
    }
    const { min, max } = range(train);
    return { name: "unit", shift: min, scale: inverse(max - min) };
  };
}

export const unitEntry: Entry<Record<string, never>, Normalizer> = entry({
  doc: "Maps the features to 0 to 1: pixels by 1/255, others by the training split's range",
  create: unit,
});
