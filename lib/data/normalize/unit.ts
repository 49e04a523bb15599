import { type Entry, entry } from "../../config/registry.ts";
import type { Normalizer } from "./normalizer.ts";
import { range } from "./statistics.ts";

/**
 * Maps 8-bit features by their type's range, y = x / 255, and others by the range that the training
 * part has over all features together, y = (x − min) / (max − min). Where max = min the scale is 1.
 */
export function unit(): Normalizer {
  return (train) => {
    if (train.samples.values instanceof Uint8Array) {
      return { name: "unit", shift: 0, scale: 1 / 255 };
    }
    const { min, max } = range(train);
    return { name: "unit", shift: min, scale: max === min ? 1 : 1 / (max - min) };
  };
}

export const unitEntry: Entry<Record<string, never>, Normalizer> = entry({
  doc: "Maps the features to 0 to 1: pixels by 1/255, others by the training part's range",
  create: unit,
});
