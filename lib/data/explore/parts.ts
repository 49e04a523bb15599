/**
 * What all statistics of parts need.
 *
 * @module
 */
import type { Part, Parts } from "../dataset.ts";

/** Name of a part. */
export type PartName = "train" | "validation" | "test";

/** The parts that there are, in the order of the pipeline. */
export function partsOf(parts: Parts): readonly (readonly [name: PartName, part: Part])[] {
  return (["train", "validation", "test"] as const).flatMap((name) => {
    const part = parts[name];
    return part === undefined ? [] : [[name, part] as const];
  });
}

/** Number of features of a sample. */
export function featuresOf({ samples }: Part): number {
  return samples.shape.reduce((product, size) => product * size, 1);
}

/** The class of each sample of a part. */
export function labelsOf({ samples, rows }: Part): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(rows, (row) => samples.labels[row] as number);
}
