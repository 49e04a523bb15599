/**
 * Names of splits, and access to the samples of a split.
 *
 * @module
 */
import type { Split, Splits } from "../dataset.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Name of a split. */
export type SplitName = "train" | "validation" | "test";

/** All names of splits, in the order of the pipeline. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** A split with its name. */
export interface NamedSplit {
  /** Name of the split. */
  readonly name: SplitName;
  /** The split. */
  readonly split: Split;
}

/** Returns the splits that exist, with their names, in the order of the pipeline. */
export function listSplits(splits: Splits): readonly (readonly [name: SplitName, split: Split])[] {
  return SPLITS.flatMap((name) => {
    const split = splits[name];
    return split === undefined ? [] : [[name, split] as const];
  });
}

/** Returns the number of features of a split's samples. */
export function featureCount({ samples }: Split): number {
  return sizeOf(samples.shape);
}

/** Returns a split of the samples before their preparation. */
export function rawSplit({ samples, rows }: Split): Split {
  return { samples: samples.prepared?.raw ?? samples, rows };
}

/** Returns at most `most` rows of a list, evenly spaced, starting with the first. */
export function evenlySpaced(rows: Uint32Array, most: number): Uint32Array<ArrayBuffer> {
  const count = Math.min(most, rows.length);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(i * rows.length / count)]);
}

/** Returns the labels of a split's rows. */
export function labelsOf({ samples, rows }: Split): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(rows, (row) => samples.labels[row]);
}

/** Features of samples, row-major [samples, features]. */
export type Values = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** Copies the features of rows of a split's samples, row-major [rows, features]. */
export function copyFeatures(split: Split, rows: ArrayLike<number>): Values {
  const { values } = split.samples;
  const features = featureCount(split);
  const length = rows.length * features;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (let index = 0; index < rows.length; index++) {
    const start = rows[index] * features;
    kept.set(values.subarray(start, start + features), index * features);
  }
  return kept;
}
