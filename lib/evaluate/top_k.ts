import { type Interval, wilsonInterval } from "./interval.ts";
import { assertPredictions, type Predictions } from "./predictions.ts";

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
  if (!Number.isSafeInteger(k) || k < 1) {
    throw new RangeError(`Cannot count top-k: expected a whole k of at least 1: received ${k}`);
  }
  assertPredictions("count top-k", predictions, classes);
  const samples = predictions.labels.length;
  let found = 0;
  for (let sample = 0; sample < samples; sample++) {
    if (classesAhead(predictions, sample, classes) < k) found++;
  }
  return {
    k,
    accuracy: samples === 0 ? null : found / samples,
    interval: wilsonInterval(found, samples),
  };
}

/** How many classes come before the true one. */
function classesAhead({ labels, probabilities }: Predictions, sample: number, classes: number) {
  const label = labels[sample] as number;
  const own = probabilities[sample * classes + label] as number;
  let ahead = 0;
  for (let column = 0; column < classes; column++) {
    const probability = probabilities[sample * classes + column] as number;
    if (probability > own || (probability === own && column < label)) ahead++;
  }
  return ahead;
}
