import type { Split, Splits } from "../dataset.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Name of a split. */
export type SplitName = "train" | "validation" | "test";

/** The splits that there may be, in the order of the pipeline. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** A split of a data set and its name. */
export interface NamedSplit {
  /** Which split it is. */
  readonly name: SplitName;
  /** Its samples. */
  readonly split: Split;
}

/** The splits that there are, in the order of the pipeline. */
export function listSplits(splits: Splits): readonly (readonly [name: SplitName, split: Split])[] {
  return SPLITS.flatMap((name) => {
    const split = splits[name];
    return split === undefined ? [] : [[name, split] as const];
  });
}

export function featuresOf({ samples }: Split): number {
  return sizeOf(samples.shape);
}

/** A split as it was loaded, before preparation. */
export function rawSplit({ samples, rows }: Split): Split {
  return { samples: samples.prepared?.raw ?? samples, rows };
}

/** Some of a list's rows, at most so many, evenly over it from its first. */
export function evenly(rows: Uint32Array, most: number): Uint32Array<ArrayBuffer> {
  const count = Math.min(most, rows.length);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(i * rows.length / count)]);
}

export function labelsOf({ samples, rows }: Split): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(rows, (row) => samples.labels[row]);
}

/** Values of samples, one sample after the other. */
export type Values = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** The values of some rows [rows, features], which a split need not have. */
export function valuesOf(split: Split, rows: ArrayLike<number>): Values {
  const { values } = split.samples;
  const features = featuresOf(split);
  const length = rows.length * features;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let index = 0; index < rows.length; index++) {
    const start = rows[index] * features;
    kept.set(values.subarray(start, start + features), index * features);
  }
  return kept;
}
