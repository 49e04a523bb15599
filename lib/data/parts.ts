import type { Part, Parts } from "./dataset.ts";
import { sizeOf } from "../tensor/tensor.ts";

/** Name of a part. */
export type SplitName = "train" | "validation" | "test";

/** The parts that there may be, in the order of the pipeline. */
export const PARTS: readonly SplitName[] = ["train", "validation", "test"];

/** A part of a data set and its name. */
export interface NamedPart {
  /** Which part it is. */
  readonly name: SplitName;
  /** Its samples. */
  readonly part: Part;
}

/** The parts that there are, in the order of the pipeline. */
export function partsOf(parts: Parts): readonly (readonly [name: SplitName, part: Part])[] {
  return PARTS.flatMap((name) => {
    const part = parts[name];
    return part === undefined ? [] : [[name, part] as const];
  });
}

export function featuresOf({ samples }: Part): number {
  return sizeOf(samples.shape);
}

/** A part as it was loaded, before preparation. */
export function rawPart({ samples, rows }: Part): Part {
  return { samples: samples.prepared?.raw ?? samples, rows };
}

/** Some of a list's rows, at most so many, evenly over it from its first. */
export function evenly(rows: Uint32Array, most: number): Uint32Array<ArrayBuffer> {
  const count = Math.min(most, rows.length);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(i * rows.length / count)]);
}

export function labelsOf({ samples, rows }: Part): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(rows, (row) => samples.labels[row]);
}

/** Values of samples, one sample after the other. */
export type Values = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** The values of some rows [rows, features], which a part need not have. */
export function valuesOf(part: Part, rows: ArrayLike<number>): Values {
  const { values } = part.samples;
  const features = featuresOf(part);
  const length = rows.length * features;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let index = 0; index < rows.length; index++) {
    const start = rows[index] * features;
    kept.set(values.subarray(start, start + features), index * features);
  }
  return kept;
}
