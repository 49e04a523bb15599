/**
 * Stage "split": divides the training samples of a data set into a training and a validation split. It can
 * also hold out a test split if the data set has no test samples.
 *
 * Splits are stratified: each class has the same proportion in all splits, as nearly as whole samples
 * allow. They depend on the seed only. A split is a list of row numbers and copies no samples. An exception
 * is a table with missing values or categories, whose columns are encoded by statistics of the training
 * split.
 *
 * @module
 */
import { key } from "../../tensor/random.ts";
import type { Dataset, Samples, Split, Splits } from "../dataset.ts";
import { encodeSplits } from "../encode/encode.ts";
import { stratifyFold } from "./folds.ts";
import { listSplits } from "./samples.ts";
import { allRows, stratify } from "./stratify.ts";

/**
 * Options of {@link split}. The validation split is set either by `validation`, or by `folds` and `fold`.
 */
export interface SplitOptions {
  /**
   * Number of validation samples, or below 1 their fraction of the samples that remain after `test`.
   * Defaults to 0.
   */
  readonly validation?: number | undefined;
  /**
   * Number of test samples, or below 1 their fraction of the data set's training samples. They are held out
   * before the validation samples. Must be undefined, which is the default, if the data set has test
   * samples.
   */
  readonly test?: number | undefined;
  /** Number of folds of equal size, give or take one sample, for cross-validation. */
  readonly folds?: number | undefined;
  /** Number of the fold that becomes the validation split, from 1. */
  readonly fold?: number | undefined;
  /** Seed of the run. */
  readonly seed: number;
}

/**
 * Divides a data set into splits. If the data set has test samples, these are the test split. The columns
 * of a table are encoded as features.
 *
 * With the same seed, every sample is in exactly one fold. The test split does not depend on the other
 * options.
 *
 * @throws {RangeError} if `validation` or `test` is not a fraction or number, leaves no training samples,
 *     or holds out all samples of a class; if `test` is set although the data set has test samples; or if
 *     `folds` is not an integer from 2 to the number of samples
 */
export function split(dataset: Omit<Dataset, "hashes">, options: SplitOptions): Splits {
  return encodeSplits(divideDataset(dataset, options), dataset.table);
}

/** Divides a data set into splits, without encoding the columns of a table. */
function divideDataset(dataset: Omit<Dataset, "hashes">, options: SplitOptions): Splits {
  const { test: share, seed } = options;
  const { train, test, classes } = dataset;
  if (share === undefined) {
    const splits = divideTrainingSamples(train, classes, allRows(train.count), options);
    if (test === undefined) return splits;
    return { ...splits, test: { samples: test, rows: allRows(test.count) } };
  }
  if (test !== undefined) {
    throw new RangeError(
      `Cannot split "${dataset.name}": expected no "test" for a data set with ${test.count} test ` +
        `samples of its own: received ${share}`,
    );
  }
  const held = heldOutCount("test", share, train.count);
  const { kept, taken } = stratify(train.labels, classes, {
    held,
    key: key(seed, "split", "test"),
  });
  return {
    ...divideTrainingSamples(train, classes, kept, options),
    ...(held === 0 ? {} : { test: { samples: train, rows: taken } }),
  };
}

/**
 * Divides some of the training samples, given by their row numbers, into a training and a validation split.
 * The result has no validation split if that would be empty.
 */
function divideTrainingSamples(
  samples: Samples,
  classes: readonly string[],
  rows: Uint32Array<ArrayBuffer>,
  { validation, folds, fold, seed }: SplitOptions,
): Splits {
  const labels = rows.length === samples.count
    ? samples.labels
    : Uint16Array.from(rows, (row) => samples.labels[row]);
  const { kept, taken } = folds === undefined || fold === undefined
    ? stratify(labels, classes, {
      held: heldOutCount("validation", validation ?? 0, labels.length),
      key: key(seed, "split"),
    })
    : stratifyFold(labels, classes, { folds, fold, key: key(seed, "split", "folds") });
  const split = (chosen: Uint32Array): Split => ({
    samples,
    rows: Uint32Array.from(chosen, (index) => rows[index]),
  });
  return { train: split(kept), ...(taken.length === 0 ? {} : { validation: split(taken) }) };
}

/**
 * Returns one of the splits, given its name.
 *
 * @throws {RangeError} if the data set has no such split
 */
export function splitOf(splits: Splits, name: keyof Splits): Split {
  const split = splits[name];
  if (split !== undefined) return split;
  const known = listSplits(splits).map(([name]) => `"${name}"`);
  throw new RangeError(
    `Cannot take a split: expected one of ${known.join(", ")}: received "${name}"`,
  );
}

/**
 * Returns how many of `samples` samples to hold out, given the value of the option `validation` or `test`:
 * an integer, or below 1 a fraction of them.
 *
 * @throws {RangeError} if the value is neither, or a fraction so small that no sample is held out
 */
function heldOutCount(option: "validation" | "test", value: number, samples: number): number {
  if (!(value >= 0) || (value >= 1 && !Number.isInteger(value))) {
    throw new RangeError(
      `Cannot split ${samples} samples: expected as ${option} a share from 0 to below 1 or a ` +
        `whole number: received ${value}`,
    );
  }
  const held = value < 1 ? Math.round(value * samples) : value;
  if (value > 0 && held === 0) {
    throw new RangeError(
      `Cannot split ${samples} samples: expected a share of at least 1 sample: received ${value}`,
    );
  }
  return held;
}
