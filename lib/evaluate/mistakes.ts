import type { Evaluation } from "./evaluation.ts";
import { predictedClasses } from "./predict.ts";

/** A sample that was taken for another class. */
export interface Mistake {
  /** Position of the sample in the evaluation. */
  readonly index: number;
  /** Row of the sample in the file it came from. */
  readonly row: number;
  /** True class. */
  readonly label: number;
  /** Predicted class. */
  readonly predicted: number;
  /** Probability of the predicted class. */
  readonly confidence: number;
  /** Probability of each class: a view of the evaluation's. */
  readonly probabilities: Float32Array<ArrayBuffer>;
}

/**
 * The mistakes, the most confident first; of equal confidence the lower row first.
 *
 * @throws {TypeError} if the evaluation's arrays do not fit together
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
