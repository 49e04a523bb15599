import type { Evaluation } from "./evaluation.ts";
import { predictedClasses } from "./predict.ts";

/** A misclassified sample. */
export interface Mistake {
  /** Index of the sample in the evaluation's arrays. */
  readonly index: number;
  /** Row of the sample in its file. */
  readonly row: number;
  /** Index of the true class. */
  readonly label: number;
  /** Index of the predicted class. */
  readonly predicted: number;
  /** Probability of the predicted class. */
  readonly confidence: number;
  /** Probability of each class [classes], a view of the evaluation's array. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/**
 * Lists the misclassified samples, those with the highest confidence first, then by row.
 *
 * @throws {TypeError} if the lengths of the evaluation's arrays are inconsistent
 */
export function findMistakes(evaluation: Evaluation, classes: number): readonly Mistake[] {
  const { labels, rows, probabilities } = evaluation;
  const predicted = predictedClasses(probabilities, { samples: labels.length, classes });
  if (rows.length !== labels.length) {
    throw new TypeError(
      `Cannot list mistakes: expected ${labels.length} rows: received ${rows.length}`,
    );
  }
  const mistakes: Mistake[] = [];
  for (let index = 0; index < labels.length; index++) {
    const wrong = predicted[index];
    if (wrong === labels[index]) continue;
    mistakes.push({
      index,
      row: rows[index],
      label: labels[index],
      predicted: wrong,
      confidence: probabilities[index * classes + wrong],
      probabilities: probabilities.subarray(index * classes, (index + 1) * classes),
    });
  }
  return mistakes.sort((a, b) => b.confidence - a.confidence || a.row - b.row);
}
