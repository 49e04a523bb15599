/**
 * Stage "split": cuts the training samples into a training and a validation split, and
 * holds out a test split if the data set has none.
 *
 * Stratified: each class has the same share in both, as nearly as whole samples allow. What
 * is chosen is a pure function of the seed. Splits are lists of rows; nothing is copied but the columns
 * of a table with gaps or categories, whose features are made by figures of the training split.
 *
 * @module
 */
import { key } from "../../tensor/random.ts";
import type { Dataset, Samples, Split, Splits } from "../dataset.ts";
import { encodeSplits } from "../encode/encode.ts";
import { stratifyFold } from "./folds.ts";
import { listSplits } from "./samples.ts";
import { allRows, stratify } from "./stratify.ts";

/** Options of {@link split}: `validation`, or `folds` and `fold`. */
export interface SplitOptions {
  /** Samples to validate on: a share of those that are left below 1, else a count; 0 for none. */
  readonly validation?: number | undefined;
  /** Samples to test on, taken out first: a share of the training samples below 1, else a count. */
  readonly test?: number | undefined;
  /** Into how many folds of one size the samples are cut, each to be validated on in its turn. */
  readonly folds?: number | undefined;
  /** Which of them is validated on, from 1. */
  readonly fold?: number | undefined;
  /** Seed of the run. */
  readonly seed: number;
}

/**
 * The splits of a data set. The test samples, where there are any, stay as they are.
 *
 * Of one seed the folds are a partition, and the test split is the same whatever else is asked.
 *
 * @throws {RangeError} if `validation` or `test` is no share or count, leaves nothing to learn
 *     from, or would take all samples of a class; if there are test samples already; or if folds
 *     are no whole number from 2 to the number of samples
 */
export function split(dataset: Omit<Dataset, "hashes">, options: SplitOptions): Splits {
  return encodeSplits(cut(dataset, options), dataset.table);
}

function cut(dataset: Omit<Dataset, "hashes">, options: SplitOptions): Splits {
  const { test: share, seed } = options;
  const { train, test, classes } = dataset;
  if (share === undefined) {
    const splits = cutTrain(train, classes, allRows(train.count), options);
    if (test === undefined) return splits;
    return { ...splits, test: { samples: test, rows: allRows(test.count) } };
  }
  if (test !== undefined) {
    throw new RangeError(
      `Cannot split "${dataset.name}": expected no "test" for a data set with ${test.count} test ` +
        `samples of its own: received ${share}`,
    );
  }
  const held = heldCount("test", share, train.count);
  const { kept, taken } = stratify(train.labels, classes, {
    held,
    key: key(seed, "split", "test"),
  });
  return {
    ...cutTrain(train, classes, kept, options),
    ...(held === 0 ? {} : { test: { samples: train, rows: taken } }),
  };
}

function cutTrain(
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
      held: heldCount("validation", validation ?? 0, labels.length),
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
 * A split by its name.
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

/** `validation` or `test` as a number of samples. */
function heldCount(split: "validation" | "test", share: number, count: number): number {
  if (!(share >= 0) || (share >= 1 && !Number.isInteger(share))) {
    throw new RangeError(
      `Cannot split ${count} samples: expected as ${split} a share from 0 to below 1 or a ` +
        `whole number: received ${share}`,
    );
  }
  const held = share < 1 ? Math.round(share * count) : share;
  if (share > 0 && held === 0) {
    throw new RangeError(
      `Cannot split ${count} samples: expected a share of at least 1 sample: received ${share}`,
    );
  }
  return held;
}
