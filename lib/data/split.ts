/**
 * Stage "split": cuts the training samples into a part to learn from and one to validate on.
 *
 * Stratified: each class has the same share in both parts, as nearly as whole samples allow. What
 * is chosen is a pure function of the seed. Parts are lists of rows; nothing is copied.
 *
 * @module
 */
import { type Key, key, permutation } from "../tensor/random.ts";
import type { Dataset, Part, Parts } from "./dataset.ts";

/** Options of {@link split}. */
export interface SplitOptions {
  /** Samples to validate on: a share of the training samples below 1, else a count; 0 for none. */
  readonly validation: number;
  /** Seed of the run. */
  readonly seed: number;
}

/**
 * The parts of a data set. The test samples, where there are any, stay as they are.
 *
 * @throws {RangeError} if `validation` is no share or count, leaves nothing to learn from, or
 *     would take all samples of a class
 */
export function split(dataset: Dataset, { validation, seed }: SplitOptions): Parts {
  const { train, test, classes } = dataset;
  const held = heldCount(validation, train.count);
  const { kept, taken } = stratify(train.labels, classes, { held, key: key(seed, "split") });
  return {
    train: { samples: train, rows: kept },
    ...(held === 0 ? {} : { validation: { samples: train, rows: taken } }),
    ...(test === undefined ? {} : { test: { samples: test, rows: allRows(test.count) } }),
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
  const rows = allRows(labels.length);
  return {
    kept: rows.filter((row) => isTaken[row] === 0),
    taken: rows.filter((row) => isTaken[row] === 1),
  };
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

/** `validation` as a number of samples. */
function heldCount(validation: number, count: number): number {
  if (!(validation >= 0) || (validation >= 1 && !Number.isInteger(validation))) {
    throw new RangeError(
      `Cannot split ${count} samples: expected as validation a share from 0 to below 1 or a ` +
        `whole number: received ${validation}`,
    );
  }
  const held = validation < 1 ? Math.round(validation * count) : validation;
  if (validation > 0 && held === 0) {
    throw new RangeError(
      `Cannot split ${count} samples: expected a share of at least 1 sample: ` +
        `received ${validation}`,
    );
  }
  return held;
}

function allRows(count: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
