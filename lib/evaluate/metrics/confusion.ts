import { assertSameLength } from "./accuracy.ts";

/** Numbers of samples by true class (row) and predicted class (column), [classes, classes]. */
export type Confusion = readonly (readonly number[])[];

/** A true class and another class that is predicted for some of the true class's samples. */
export interface ConfusedPair {
  /** Index of the true class. */
  readonly label: number;
  /** Index of the predicted class. */
  readonly predicted: number;
  /** Number of samples of the true class with this prediction. */
  readonly count: number;
}

/**
 * Computes the confusion matrix: the numbers of samples by true class (row) and predicted class (column).
 *
 * @param labels index of each sample's true class
 * @param predicted index of each sample's predicted class
 * @param classes number of classes
 * @throws {TypeError} if labels and predictions differ in number
 * @throws {RangeError} if a label or a prediction is not below `classes`
 */
export function confusionMatrix(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
  classes: number,
): Confusion {
  assertClasses(labels, predicted, classes);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) counts[labels[i]][predicted[i]]++;
  return counts;
}

/**
 * Lists the pairs of true and predicted class of all mistakes, the most frequent pair first, equal counts in the
 * order of the classes. Unlike a {@linkcode confusionMatrix}, the list has only pairs that occur.
 *
 * @throws {TypeError} if labels and predictions differ in number
 * @throws {RangeError} if a label or a prediction is not below `classes`
 */
export function confusedPairs(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
  classes: number,
): readonly ConfusedPair[] {
  assertClasses(labels, predicted, classes);
  const counts = new Map<number, number>();
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] === predicted[i]) continue;
    const pair = labels[i] * classes + predicted[i];
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a - b)
    .map(([pair, count]) => ({
      label: Math.floor(pair / classes),
      predicted: pair % classes,
      count,
    }));
}

/**
 * Checks that there are as many predictions as labels, and that all are below the number of classes.
 *
 * @throws {TypeError} if labels and predictions differ in number
 * @throws {RangeError} if a label or a prediction is not below `classes`
 */
export function assertClasses(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
  classes: number,
): void {
  assertSameLength(labels, predicted);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] < classes && predicted[i] < classes) continue;
    throw new RangeError(
      `Cannot count sample ${i}: expected classes below ${classes}: ` +
        `received label ${labels[i]}, predicted ${predicted[i]}`,
    );
  }
}
