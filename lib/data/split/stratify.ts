/**
 * Random selection of rows that is stratified by class.
 *
 * @module
 */
import { type Key, permutation } from "../../tensor/random.ts";

/** Options of {@link stratify}. */
export interface StratifyOptions {
  /** Number of rows to hold out. */
  readonly held: number;
  /** Key of the random selection. */
  readonly key: Key;
}

/**
 * Divides row numbers at random into `held` rows to hold out (`taken`) and the others (`kept`), such that
 * each class has the same proportion in both. Returns both in rising order.
 *
 * The method of largest remainders determines the number of rows of each class: the integer part of its
 * quota, and one more row for the classes with the largest fractions, until the total is reached. Among
 * equal fractions, the earlier class comes first. The rows within each class are selected by one random
 * permutation of all rows.
 *
 * @param labels index of the class of each row [rows]
 * @param classes names of the classes, for error messages
 * @throws {RangeError} if all rows would be held out, or all rows of a class
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
  const quotas = apportion(countByClass(labels, classes.length), classes, held);
  const isTaken = new Uint8Array(labels.length);
  for (const row of permutation(key, labels.length)) {
    const label = labels[row];
    const left = quotas[label];
    if (left === 0) continue;
    quotas[label] = left - 1;
    isTaken[row] = 1;
  }
  return divideRows(isTaken);
}

/**
 * Returns the number of rows to hold out of each class [classes], `held` in total, by the method of largest
 * remainders. `counts` is the number of rows of each class. Throws a RangeError if all rows of a class
 * would be held out.
 */
function apportion(counts: readonly number[], classes: readonly string[], held: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  // integers below 2⁵³ throughout: quotients and remainders are exact
  const quotas = counts.map((count) => Math.floor((held * count) / total));
  const missing = held - quotas.reduce((sum, quota) => sum + quota, 0);
  const remainder = (label: number) => (held * counts[label]) % total;
  const order = counts.map((_, label) => label)
    .sort((a, b) => remainder(b) - remainder(a) || a - b);
  for (const label of order.slice(0, missing)) quotas[label] = quotas[label] + 1;
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

/**
 * Returns the number of rows of each class [classes], given the class index of each row and the number of
 * classes.
 */
export function countByClass(labels: Uint16Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = counts[label] + 1;
  return counts;
}

/**
 * Divides the indices of `isTaken` into those of elements that are 1 (`taken`) and those of elements that
 * are 0 (`kept`), both in rising order.
 */
export function divideRows(isTaken: Uint8Array): ReturnType<typeof stratify> {
  const rows = allRows(isTaken.length);
  return {
    kept: rows.filter((row) => isTaken[row] === 0),
    taken: rows.filter((row) => isTaken[row] === 1),
  };
}

/** Returns the row numbers from 0 to `count` − 1. */
export function allRows(count: number): Uint32Array<ArrayBuffer> {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row++) rows[row] = row;
  return rows;
}
