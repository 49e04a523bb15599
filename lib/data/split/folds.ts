/**
 * Stratified folds for cross-validation.
 *
 * @module
 */
import { type Key, permutation } from "../../tensor/random.ts";
import { countByClass, divideRows } from "./stratify.ts";

/** Options of {@link stratifyFold}. */
export interface FoldOptions {
  /** Number of folds. */
  readonly folds: number;
  /** Number of the fold whose rows are returned as `taken`, from 1. */
  readonly fold: number;
  /** Key of the random assignment of rows to folds. */
  readonly key: Key;
}

/**
 * Divides row numbers into those of one fold (`taken`) and all others (`kept`), both in rising order. With
 * the same key and number of folds, every row belongs to exactly one fold.
 *
 * Rows are sorted by class, and within a class by a random permutation, then assigned to the folds in turn.
 * The sizes of folds therefore differ by at most one row, in total and in each class.
 *
 * Source: Kohavi, "A study of cross-validation and bootstrap for accuracy estimation and model selection",
 * IJCAI 1995, section 2.2 (stratified cross-validation).
 *
 * @param labels index of the class of each row [rows]
 * @param classes names of the classes, for error messages
 * @throws {RangeError} if `folds` is not from 2 to the number of rows, if `fold` is not from 1 to `folds`,
 *     or if a class has a single row, which would be missing from training when its fold is held out
 */
export function stratifyFold(
  labels: Uint16Array,
  classes: readonly string[],
  { folds, fold, key }: FoldOptions,
): { readonly kept: Uint32Array<ArrayBuffer>; readonly taken: Uint32Array<ArrayBuffer> } {
  const counts = countByClass(labels, classes.length);
  checkFolds(labels.length, folds, fold);
  const alone = counts.indexOf(1);
  if (alone >= 0) {
    throw new RangeError(
      `Cannot split ${labels.length} samples: expected at least 2 of class "${classes[alone]}" ` +
        "for folds: received 1",
    );
  }
  let first = 0;
  const positions = counts.map((count) => (first += count) - count); // position of each class's next row
  const isTaken = new Uint8Array(labels.length);
  for (const row of permutation(key, labels.length)) {
    const label = labels[row];
    const position = positions[label];
    positions[label] = position + 1;
    if (position % folds === fold - 1) isTaken[row] = 1;
  }
  return divideRows(isTaken);
}

/** Throws a RangeError if the number of folds, or the number of the selected fold, is invalid. */
function checkFolds(sampleCount: number, foldCount: number, foldNumber: number): void {
  const isWithin = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most;
  if (isWithin(foldCount, 2, sampleCount) && isWithin(foldNumber, 1, foldCount)) return;
  const received = isWithin(foldCount, 2, sampleCount)
    ? `fold ${foldNumber} of ${foldCount}`
    : `${foldCount} folds`;
  throw new RangeError(
    `Cannot split ${sampleCount} samples: expected 2 to ${sampleCount} folds and one of them, from 1: ` +
      `received ${received}`,
  );
}
