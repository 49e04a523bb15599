import { assertSameLength } from "./accuracy.ts";

/** Numbers of samples by true class (row) and predicted class (column), [classes, classes]. */
export type Confusion = readonly (readonly number[])[];

/** A true class and a different class that is predicted for some of its samples. */
export interface ConfusedPair {
  /** True class. */
  readonly label: number;
  /** Predicted class. */
  readonly predicted: number;
  /** Number of samples. */
  readonly count: number;
}

/**
 * Computes the confusion matrix: the numbers of samples by true class (row) and predicted class (column).
 *
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
 * Lists the confused pairs of classes, the most frequent first, then in the order of the classes. Unlike
 * {@linkcode confusionMatrix}, it needs memory only for the mistakes.
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

/** Checks that there is a prediction for each label, and that all are classes. */
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
