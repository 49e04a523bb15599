import type { Evaluation, Score } from "./evaluation.ts";
import { countRight } from "./metrics/accuracy.ts";
import { brierScore } from "./metrics/brier.ts";
import {
  type ClassScores,
  classScores,
  macroAverage,
  type Scores,
} from "./metrics/class_scores.ts";
import {
  type ConfusedPair,
  confusedPairs,
  type Confusion,
  confusionMatrix,
} from "./metrics/confusion.ts";
import { type Interval, wilsonInterval } from "./metrics/interval.ts";
import { predictedClasses } from "./predict.ts";
import { calibrationError, reliabilityTable } from "./metrics/reliability.ts";
import { type TopK, topKAccuracyFromRanks, trueClassRanks } from "./metrics/top_k.ts";
import { defined } from "../config/defined.ts";

/** Values of k for which a summary has the top-k accuracy; those not below the number of classes are omitted. */
const TOP = [2, 3, 5];

/** Largest number of classes for which a summary has the confusion matrix. Its 512² counts are 4 MB of text. */
const MOST_OF_MATRIX = 512;

/** Scores of a network on one split, as plain JSON for summary.json. */
export interface Summary {
  /** Fraction of samples whose predicted class is the true one; null if there are no samples. */
  readonly accuracy: number | null;
  /** Mean loss per sample; null if it is not finite. */
  readonly loss: number | null;
  /** Number of samples whose predicted class is not the true one. */
  readonly mistakes: number;
  /** Number of samples. */
  readonly samples: number;
  /** Scores of the weights that are not averaged, if the network was evaluated with averaged weights. */
  readonly raw?: Pick<Summary, "accuracy" | "loss" | "interval">;
  /** 95 % interval of the accuracy, see {@link wilsonInterval}. */
  readonly interval: Interval | null;
  /** Top-2, top-3 and top-5 accuracy, without those whose k is not below the number of classes. */
  readonly topK: readonly TopK[];
  /** Brier score, see {@link brierScore}; null if there are no samples. */
  readonly brier: number | null;
  /** Expected calibration error, see {@link calibrationError}; null if there are no samples. */
  readonly calibrationError: number | null;
  /** Name and scores of each class, in the order of class indices. */
  readonly classes: readonly (ClassScores & { readonly name: string })[];
  /** Means of the scores over the classes, see {@link macroAverage}. */
  readonly macro: Scores;
  /** Numbers of samples by true class (row) and predicted class (column), if there are at most 512 classes. */
  readonly confusion?: Confusion;
  /** Pairs of confused classes, if there are more than 512 classes: see {@linkcode confusedPairs}. */
  readonly confusedPairs?: readonly ConfusedPair[];
}

/**
 * Computes the scores of an evaluation.
 *
 * @param classes names of the classes, in the order of class indices
 * @throws {TypeError} if the lengths of the evaluation's arrays are inconsistent
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function summarize(evaluation: Evaluation, classes: readonly string[]): Summary {
  const { labels, probabilities, loss, raw } = evaluation;
  const samples = labels.length;
  const predicted = predictedClasses(probabilities, { samples, classes: classes.length });
  const right = countRight(labels, predicted);
  const scores = classScores(labels, predicted, classes.length);
  const ahead = trueClassRanks(evaluation, classes.length);
  const table = reliabilityTable(evaluation, { classes: classes.length });
  return {
    accuracy: samples === 0 ? null : right / samples,
    loss: Number.isFinite(loss) ? loss : null,
    mistakes: samples - right,
    samples,
    interval: wilsonInterval(right, samples),
    ...defined({ raw: raw && summarizeScore(raw, samples) }),
    topK: TOP.filter((k) => k < classes.length).map((k) => topKAccuracyFromRanks(k, ahead)),
    brier: brierScore(evaluation, classes.length),
    calibrationError: calibrationError(table),
    classes: scores.map((score, index) => ({ name: classes[index], ...score })),
    macro: macroAverage(scores),
    ...(classes.length <= MOST_OF_MATRIX
      ? { confusion: confusionMatrix(labels, predicted, classes.length) }
      : { confusedPairs: confusedPairs(labels, predicted, classes.length) }),
  };
}

/** Converts a score on a number of samples to the form of a summary, with the interval of the accuracy. */
function summarizeScore(
  { loss, accuracy }: Score,
  samples: number,
): Pick<Summary, "accuracy" | "loss" | "interval"> {
  return {
    accuracy: samples === 0 ? null : accuracy,
    loss: Number.isFinite(loss) ? loss : null,
    interval: wilsonInterval(Math.round(accuracy * samples), samples),
  };
}

/** Returns the loss of an evaluation of at least one sample, and the accuracy of the most probable classes. */
export function scoreOfEvaluation(
  { labels, probabilities, loss }: Pick<Evaluation, "labels" | "probabilities" | "loss">,
): Score {
  const samples = labels.length;
  const predicted = predictedClasses(probabilities, {
    samples,
    classes: probabilities.length / samples,
  });
  return { loss, accuracy: countRight(labels, predicted) / samples };
}
