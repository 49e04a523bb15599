/**
 * How well each class is told from the others, read off its right and wrong predictions.
 *
 *   precision  right / all predicted as the class      null if nothing was predicted as it
 *   recall     right / all that are of the class       null if no sample is of it
 *   F1         2 right / (predicted + support)         null if both are zero
 *
 * F1 is the harmonic mean of precision and recall (van Rijsbergen, "Information Retrieval", 2nd ed.
 * 1979, chapter 7, with equal weights), written so that it also holds where one of them is
 * undefined: it is 0 then. A share of nothing is null and not 0: it says nothing about the network.
 *
 * @module
 */
import { assertClasses } from "./confusion.ts";
import { type Interval, wilsonInterval } from "./interval.ts";

/** Precision, recall and F1, each 0 to 1 or null where undefined. */
export interface Scores {
  /** Share of the samples predicted as the class that are of it. */
  readonly precision: number | null;
  /** Share of the samples of the class that were predicted as it. */
  readonly recall: number | null;
  /** Harmonic mean of precision and recall. */
  readonly f1: number | null;
}

/** Scores of one class. */
export interface ClassScores extends Scores {
  /** 95 % interval of the precision, see {@link wilsonInterval}. */
  readonly precisionInterval: Interval | null;
  /** 95 % interval of the recall. */
  readonly recallInterval: Interval | null;
  /** Number of samples of the class. */
  readonly support: number;
}

/**
 * Computes the scores of each class, in the order of the classes.
 *
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
    precision: share(right[label], found[label]),
    recall: share(right[label], support[label]),
    f1: share(2 * right[label], found[label] + support[label]),
    precisionInterval: wilsonInterval(right[label], found[label]),
    recallInterval: wilsonInterval(right[label], support[label]),
    support: support[label],
  }));
}

/**
 * The mean of each score over the classes, every class with the same weight ("macro average").
 *
 * Classes without a score are left out of its mean. (scikit-learn counts them as 0, with a warning.)
 */
export function macroAverage(scores: readonly Scores[]): Scores {
  return {
    precision: meanOfDefined(scores.map((score) => score.precision)),
    recall: meanOfDefined(scores.map((score) => score.recall)),
    f1: meanOfDefined(scores.map((score) => score.f1)),
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null);
  return share(defined.reduce((sum, value) => sum + value, 0), defined.length);
}
