import { type Interval, wilsonInterval } from "./interval.ts";
import { assertPredictions, type Predictions } from "../predictions.ts";

/** How often the true class is among the k most probable ones. */
export interface TopK {
  /** How many classes count as named. */
  readonly k: number;
  /** Share of samples whose true class is among them, 0 to 1; null if there are no samples. */
  readonly accuracy: number | null;
  /** 95 % interval of the accuracy, see {@link wilsonInterval}. */
  readonly interval: Interval | null;
}

/**
 * Top-k accuracy: the share of samples whose true class is among the k most probable ones, as
 * Russakovsky et al. ("ImageNet large scale visual recognition challenge", IJCV 115, 2015, section
 * 4.1) count with k = 5. Of equally probable classes the lower ones come first, so that k = 1 is the
 * accuracy of {@link predictedClasses}. (scikit-learn's top_k_accuracy_score puts the higher first.)
 *
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if k is no count from 1, a label is not a class or a probability is no number
 */
export function topKAccuracy(
  predictions: Predictions,
  { classes, k }: { readonly classes: number; readonly k: number },
): TopK {
  return accuracyAt(k, classesAhead(predictions, classes));
}

/** How many classes come before the true one of each sample, 0 where the prediction is right. */
export function classesAhead(predictions: Predictions, classes: number): Uint16Array<ArrayBuffer> {
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

/** Top-k accuracy of samples of which it is known how many classes come before the true one. */
export function accuracyAt(k: number, ahead: Uint16Array<ArrayBuffer>): TopK {
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new RangeError(`Cannot count top-k: expected a whole k of at least 1: received ${k}`);
  }
  const found = ahead.reduce((sum, before) => sum + (before < k ? 1 : 0), 0);
  return {
    k,
    accuracy: ahead.length === 0 ? null : found / ahead.length,
    interval: wilsonInterval(found, ahead.length),
  };
}
