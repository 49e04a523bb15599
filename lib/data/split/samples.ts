/**
 * Names of splits, and functions that read the samples of a split.
 *
 * @module
 */
import type { Split, Splits } from "../dataset.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** Name of a split. */
export type SplitName = "train" | "validation" | "test";

/** Names of all splits, in the order of the pipeline. */
export const SPLITS: readonly SplitName[] = ["train", "validation", "test"];

/** A split with its name. */
export interface NamedSplit {
  /** Name of the split, such as "test". */
  readonly name: SplitName;
  /** The split itself. */
  readonly split: Split;
}

/** Returns the splits that a data set has, with their names, in the order of the pipeline. */
export function listSplits(splits: Splits): readonly (readonly [name: SplitName, split: Split])[] {
  return SPLITS.flatMap((name) => {
    const split = splits[name];
    return split === undefined ? [] : [[name, split] as const];
  });
}

/** Returns the number of features of each sample in a split. */
export function featureCount({ samples }: Split): number {
  return sizeOf(samples.shape);
}

/**
 * Returns a split with its samples as they were before the stage "prepare", or unchanged if they are not
 * prepared.
 */
export function unpreparedSplit({ samples, rows }: Split): Split {
  return { samples: samples.prepared?.raw ?? samples, rows };
}

/**
 * Returns at most `maxCount` elements of `rows`, a list of row numbers: the first one, and others that are
 * evenly spaced in the list.
 */
export function pickEvenlySpaced(rows: Uint32Array, maxCount: number): Uint32Array<ArrayBuffer> {
  const count = Math.min(maxCount, rows.length);
  return Uint32Array.from({ length: count }, (_, i) => rows[Math.floor(i * rows.length / count)]);
}

/** Returns the label of each sample in a split [samples]. */
export function labelsOf({ samples, rows }: Split): Uint16Array<ArrayBuffer> {
  return Uint16Array.from(rows, (row) => samples.labels[row]);
}

/** Features of samples [samples, features], row-major, in the element type of the data set. */
export type Values = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/**
 * Returns a copy of the features of some samples, [rows, features], row-major. `rows` are row numbers in
 * `split.samples`; they need not belong to the split.
 */
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
