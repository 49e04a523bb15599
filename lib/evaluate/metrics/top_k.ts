import { type Interval, wilsonInterval } from "./interval.ts";
import { assertPredictions, type Predictions } from "../predictions.ts";

/** A top-k accuracy with its interval. */
export interface TopK {
  /** Number of each sample's most probable classes among which its true class may be. */
  readonly k: number;
  /** Fraction of samples whose true class is among their k most probable classes; null if there are no samples. */
  readonly accuracy: number | null;
  /** 95 % interval of the accuracy, see {@link wilsonInterval}; null if there are no samples. */
  readonly interval: Interval | null;
}

/**
 * Computes the top-k accuracy: the fraction of samples whose true class is among their k most probable classes
 * (Russakovsky et al., "ImageNet large scale visual recognition challenge", IJCV 115, 2015, section 4.1,
 * with k = 5). Ties are broken in favour of classes with lower indices, so that k = 1 is the accuracy of
 * {@link predictedClasses}. (scikit-learn's top_k_accuracy_score favours higher indices.)
 *
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if k is not a whole number ≥ 1, a label is not a class or a probability is negative or NaN
 */
export function topKAccuracy(
  predictions: Predictions,
  { classes, k }: { readonly classes: number; readonly k: number },
): TopK {
  return topKAccuracyFromRanks(k, trueClassRanks(predictions, classes));
}

/**
 * Returns the rank of each sample's true class in the order of falling probability; of equally probable classes,
 * those with lower indices come first. Ranks count from 0, the rank of a correct prediction.
 *
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function trueClassRanks(
  predictions: Predictions,
  classes: number,
): Uint16Array<ArrayBuffer> {
  assertPredictions("count top-k", predictions, classes);
  const { labels, probabilities } = predictions;
  return labels.map((label, sample) => {
    const first = sample * classes;
    const own = probabilities[first + label];
    let ahead = 0;
    for (let column = 0; column < classes; column++) {
      const probability = probabilities[first + column];
      if (probability > own || (probability === own && column < label)) ahead++;
    }
    return ahead;
  });
}

/**
 * Computes the top-k accuracy from the ranks of the true classes, as returned by {@linkcode trueClassRanks}.
 *
 * @throws {RangeError} if k is not a whole number ≥ 1
 */
export function topKAccuracyFromRanks(k: number, ranks: Uint16Array<ArrayBuffer>): TopK {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new RangeError(`Cannot count top-k: expected a whole k of at least 1: received ${k}`);
  }
  const found = ranks.reduce((sum, rank) => sum + (rank < k ? 1 : 0), 0);
  return {
    k,
    accuracy: ranks.length === 0 ? null : found / ranks.length,
    interval: wilsonInterval(found, ranks.length),
  };
}
