import { assertSameLength } from "./accuracy.ts";

/** Counts of samples: rows are true classes, columns predicted ones, [classes, classes]. */
export type Confusion = readonly (readonly number[])[];

/**
 * How often each true class (row) was taken for each class (column).
 *
 * @throws {TypeError} if labels and predictions differ in number
 * @throws {RangeError} if a label or a prediction is not below `classes`
 */
export function confusionMatrix(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
  classes: number,
): Confusion {
  assertSameLength(labels, predicted);
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const column = predicted[i];
    const row = counts[label];
    if (row === undefined || column >= classes) {
      throw new RangeError(
        `Cannot count sample ${i}: expected classes below ${classes}: ` +
          `received label ${label}, predicted ${column}`,
      );
    }
    row[column] = row[column] + 1;
  }
  return counts;
}
