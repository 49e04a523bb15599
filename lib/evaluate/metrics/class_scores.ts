/**
 * Computes precision, recall and F1 of each class.
 *
 *   precision  correct / predicted as the class          null if nothing is predicted as the class
 *   recall     correct / samples of the class            null if the class has no samples
 *   F1         2 correct / (predicted + support)         null if both are zero
 *
 * F1 is the harmonic mean of precision and recall (van Rijsbergen, "Information Retrieval", 2nd ed.
 * 1979, chapter 7, with equal weights), written so that it is 0 if only one of them is undefined. A fraction of no
 * samples is null and not 0, since it says nothing about the network.
 *
 * @module
 */
import { assertClasses } from "./confusion.ts";
import { type Interval, wilsonInterval } from "./interval.ts";

/** Precision, recall and F1, each from 0 to 1, or null if undefined. */
export interface Scores {
  /** Of the samples that are predicted as the class, the fraction that belong to it; null if there are none. */
  readonly precision: number | null;
  /** Of the samples that belong to the class, the fraction that are predicted as it; null if there are none. */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall; null if both are null. */
  readonly f1: number | null;
}

/** Scores of one class, with their intervals and the number of its samples. */
export interface ClassScores extends Scores {
  /** 95 % interval of the precision, see {@link wilsonInterval}; null if the precision is null. */
  readonly precisionInterval: Interval | null;
  /** 95 % interval of the recall; null if the recall is null. */
  readonly recallInterval: Interval | null;
  /** Number of samples of the class. */
  readonly support: number;
}

/**
 * Computes the scores of each class, in the order of the classes.
 *
 * @param labels index of each sample's true class
 * @param predicted index of each sample's predicted class
 * @param classes number of classes
 * @throws {TypeError} if labels and predictions differ in number
 * @throws {RangeError} if a label or a prediction is not below `classes`
 */
export function classScores(
  labels: Uint16Array<ArrayBuffer>,
  predicted: Uint16Array<ArrayBuffer>,
  classes: number,
): readonly ClassScores[] {
  assertClasses(labels, predicted, classes);
  const [support, found, right] = Array.from({ length: 3 }, () => new Uint32Array(classes));
  for (let i = 0; i < labels.length; i++) {
    support[labels[i]]++;
    found[predicted[i]]++;
    if (labels[i] === predicted[i]) right[labels[i]]++;
  }
  return Array.from({ length: classes }, (_, label) => ({
    precision: ratioOrNull(right[label], found[label]),
    recall: ratioOrNull(right[label], support[label]),
    f1: ratioOrNull(2 * right[label], found[label] + support[label]),
    precisionInterval: wilsonInterval(right[label], found[label]),
    recallInterval: wilsonInterval(right[label], support[label]),
    support: support[label],
  }));
}

/**
 * Computes the macro average: the mean of each score over the classes, with equal weights.
 *
 * A class whose score is null is omitted from the mean of this score; the mean is null if all are. (scikit-learn counts it as 0, with a warning.)
 */
export function macroAverage(scores: readonly Scores[]): Scores {
  return {
    precision: meanOfDefined(scores.map((score) => score.precision)),
    recall: meanOfDefined(scores.map((score) => score.recall)),
    f1: meanOfDefined(scores.map((score) => score.f1)),
  };
}

/** Returns part / whole; null if `whole` is 0. */
function ratioOrNull(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** Computes the mean of the values that are not null; null if all are. */
function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return ratioOrNull(defined.reduce((sum, value) => sum + value, 0), defined.length);
}
