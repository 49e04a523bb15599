/**
 * What all that looks at parts needs of them.
 *
 * @module
 */
import type { Part, Parts } from "./dataset.ts";

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

/** Values of samples, one sample after the other. */
export type Values = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** The values of some rows [rows, features], which a part need not have. */
export function valuesOf(part: Part, rows: readonly number[]): Values {
  const { values } = part.samples;
  const features = featuresOf(part);
  const length = rows.length * features;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  rows.forEach((row, index) =>
    kept.set(values.subarray(row * features, (row + 1) * features), index * features)
  );
  return kept;
}
