/**
 * Stage "split": cuts the training samples into a part to learn from and one to validate on, and
 * one to test on if the data set has none.
 *
 * Stratified: each class has the same share in both parts, as nearly as whole samples allow. What
 * is chosen is a pure function of the seed. Parts are lists of rows; nothing is copied.
 *
 * @module
 */
import { type Key, key, permutation } from "../tensor/random.ts";
import type { Dataset, Part, Parts, Samples } from "./dataset.ts";

/** Options of {@link split}: `validation`, or `folds` and `fold`. */
export interface SplitOptions {
  /** Samples to validate on: a share of those that are left below 1, else a count; 0 for none. */
  readonly validation?: number | undefined;
  /** Samples to test on, taken out first: a share of the training samples below 1, else a count. */
  readonly test?: number | undefined;
  /** Into how many parts of one size the samples are cut, each to be validated on in its turn. */
  readonly folds?: number | undefined;
  /** Which of them is validated on, from 1. */
  readonly fold?: number | undefined;
  /** Seed of the run. */
  readonly seed: number;
}

/**
 * The parts of a data set. The test samples, where there are any, stay as they are.
 *
 * Of one seed the folds are a partition, and the test part is the same whatever else is asked.
 *
 * @throws {RangeError} if `validation` or `test` is no share or count, leaves nothing to learn
 *     from, or would take all samples of a class; if there are test samples already; or if folds
 *     are no whole number from 2 to the number of samples
 */
export function split(dataset: Dataset, options: SplitOptions): Parts {
  const { test: share, seed } = options;
  const { train, test, classes } = dataset;
  if (share === undefined) {
    const parts = cutTrain(train, classes, allRows(train.count), options);
    if (test === undefined) return parts;
    return { ...parts, test: { samples: test, rows: allRows(test.count) } };
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

/** Cuts the rows that are not tested on. */
function cutTrain(
  samples: Samples,
  classes: readonly string[],
  rows: Uint32Array<ArrayBuffer>,
  { validation, folds, fold, seed }: SplitOptions,
): Parts {
  const labels = rows.length === samples.count
    ? samples.labels
    : Uint16Array.from(rows, (row) => samples.labels[row] as number);
  const { kept, taken } = folds === undefined || fold === undefined
    ? stratify(labels, classes, {
      held: heldCount("validation", validation ?? 0, labels.length),
      key: key(seed, "split"),
    })
    : stratifyFold(labels, classes, { folds, fold, key: key(seed, "split", "folds") });
  const part = (chosen: Uint32Array): Part => ({
    samples,
    rows: Uint32Array.from(chosen, (index) => rows[index] as number),
  });
  return {
    train: part(kept),
    ...(taken.length === 0 ? {} : { validation: part(taken) }),
  };
}

/**
 * A part by its name.
 *
 * @throws {RangeError} if the data set has no such part
 */
export function partOf(parts: Parts, name: keyof Parts): Part {
  const part = parts[name];
  if (part !== undefined) return part;
  const known = (["train", "validation", "test"] as const)
    .filter((name) => parts[name] !== undefined)
    .map((name) => `"${name}"`);
  throw new RangeError(
    `Cannot take a part: expected one of ${known.join(", ")}: received "${name}"`,
  );
}

/** Options of {@link stratify}. */
export interface StratifyOptions {
  /** Number of samples to take. */
  readonly held: number;
  /** Decides which. */
  readonly key: Key;
}

/**
 * Rows to keep and rows to take, both in rising order; together they are all rows.
 *
 * A class gives its share of the rows by largest remainders: first the whole part of its quota,
 * then the classes with the largest fractions one row more until the total fits, the earlier class
 * first among equals. Which rows of a class are taken is decided by one permutation of all rows.
 *
 * @param labels class of each row
 * @param classes names of the classes, for messages
 * @throws {RangeError} if no row would be kept, or none of a class that has rows
 */
export function stratify(
  labels: Uint16Array,
  classes: readonly string[],
  { held, key }: StratifyOptions,
): { readonly kept: Uint32Array<ArrayBuffer>; readonly taken: Uint32Array<ArrayBuffer> } {
  if (!Number.isInteger(held) || held < 0 || held >= labels.length) {
    throw new RangeError(
      `Cannot split ${labels.length} samples: expected to hold out 0 to ${labels.length - 1}: ` +
        `received ${held}`,
    );
  }
  const quotas = apportion(countByClass(labels, classes), classes, held);
  const isTaken = new Uint8Array(labels.length);
  for (const row of permutation(key, labels.length)) {
    const label = labels[row] as number;
    const left = quotas[label] as number;
    if (left === 0) continue;
    quotas[label] = left - 1;
    isTaken[row] = 1;
  }
  return cutRows(isTaken);
}

function cutRows(isTaken: Uint8Array): ReturnType<typeof stratify> {
  const rows = allRows(isTaken.length);
  return {
    kept: rows.filter((row) => isTaken[row] === 0),
    taken: rows.filter((row) => isTaken[row] === 1),
  };
}

/** Options of {@link stratifyFold}. */
export interface FoldOptions {
  /** Number of folds. */
  readonly folds: number;
  /** Which one is taken, from 1. */
  readonly fold: number;
  /** Decides which rows are in which fold. */
  readonly key: Key;
}

/**
 * Rows to keep and rows of a fold, both in rising order; together they are all rows. The folds of
 * one key are a partition of the rows.
 *
 * The rows of one class after the other, each class in the order of one permutation of all rows,
 * are dealt out to the folds in turn. So folds differ by at most one row, and so they do in each
 * class.
 *
 * Source: Kohavi, "A study of cross-validation and bootstrap for accuracy estimation and model
 * selection", IJCAI 1995, section 2.2 (stratified cross-validation).
 *
 * @param labels class of each row
 * @param classes names of the classes, for messages
 * @throws {RangeError} if `folds` is not from 2 to the number of rows, `fold` not from 1 to
 *     `folds`, or a class has one row only, so that nothing could be learnt from it in its fold
 */
export function stratifyFold(
  labels: Uint16Array,
  classes: readonly string[],
  { folds, fold, key }: FoldOptions,
): { readonly kept: Uint32Array<ArrayBuffer>; readonly taken: Uint32Array<ArrayBuffer> } {
  const counts = countByClass(labels, classes);
  expectFolds(labels.length, folds, fold);
  const alone = counts.indexOf(1);
  if (alone >= 0) {
    throw new RangeError(
      `Cannot split ${labels.length} samples: expected at least 2 of class "${classes[alone]}" ` +
        "for folds: received 1",
    );
  }
  let first = 0;
  const places = counts.map((count) => (first += count) - count); // of the class's next row
  const isTaken = new Uint8Array(labels.length);
  for (const row of permutation(key, labels.length)) {
    const label = labels[row] as number;
    const place = places[label] as number;
    places[label] = place + 1;
    if (place % folds === fold - 1) isTaken[row] = 1;
  }
  return cutRows(isTaken);
}

function expectFolds(count: number, folds: number, fold: number): void {
  const isWithin = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (isWithin(folds, 2, count) && isWithin(fold, 1, folds)) return;
  const received = isWithin(folds, 2, count) ? `fold ${fold} of ${folds}` : `${folds} folds`;
  throw new RangeError(
    `Cannot split ${count} samples: expected 2 to ${count} folds and one of them, from 1: ` +
      `received ${received}`,
  );
}

/** Rows that each class gives, `held` together; largest remainders (Hamilton's method). */
function apportion(
  counts: readonly number[],
  classes: readonly string[],
  held: number,
): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // integers below 2⁵³ throughout: quotients and remainders are exact
  const quotas = counts.map((count) => Math.floor((held * count) / total));
  const missing = held - quotas.reduce((sum, quota) => sum + quota, 0);
  const remainder = (label: number) => (held * (counts[label] as number)) % total;
  const order = counts.map((_, label) => label)
    .sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const label of order.slice(0, missing)) quotas[label] = (quotas[label] as number) + 1;
  counts.forEach((count, label) => {
    if (count > 0 && quotas[label] === count) {
      throw new RangeError(
        `Cannot split ${total} samples: expected at least 1 of class "${classes[label]}" to ` +
          `learn from: holding out ${held} takes all ${count}`,
      );
    }
  });
  return quotas;
}

function countByClass(labels: Uint16Array, classes: readonly string[]): number[] {
  const counts = classes.map(() => 0);
  for (const label of labels) counts[label] = (counts[label] as number) + 1;
  return counts;
}

/** `validation` or `test` as a number of samples. */
function heldCount(part: "validation" | "test", share: number, count: number): number {
  if (!(share >= 0) || (share >= 1 && !Number.isInteger(share))) {
    throw new RangeError(
      `Cannot split ${count} samples: expected as ${part} a share from 0 to below 1 or a ` +
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

function allRows(count: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
