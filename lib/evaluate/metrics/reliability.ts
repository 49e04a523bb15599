/**
 * Computes the reliability of a network: its accuracy as a function of its confidence, the probability of the
 * predicted class.
 *
 * @module
 */
import { type Interval, wilsonInterval } from "./interval.ts";
import { predictedClasses } from "../predict.ts";
import { assertPredictions, type Predictions } from "../predictions.ts";

/** Counts and scores of the samples whose confidence is in one range. */
export interface ReliabilityBin {
  /** Lower end of the range of confidences, 0 to 1, exclusive; the first range includes 0. */
  readonly low: number;
  /** Upper end of the range of confidences, inclusive. */
  readonly high: number;
  /** Number of samples. */
  readonly count: number;
  /** Number of samples that are classified correctly. */
  readonly right: number;
  /** Mean confidence; null if there are no samples. */
  readonly confidence: number | null;
  /** Fraction of the samples that are classified correctly; null if there are no samples. */
  readonly accuracy: number | null;
  /** 95 % interval of the accuracy, see {@link wilsonInterval}; null if there are no samples. */
  readonly interval: Interval | null;
}

/** Options of a reliability table. */
export interface ReliabilityOptions {
  /** Number of classes. */
  readonly classes: number;
  /** Number of bins of equal width. Defaults to 15, as in Guo et al. */
  readonly bins?: number;
}

/**
 * Groups samples by confidence and computes the accuracy of each group. Bin m of M has the samples with a confidence
 * in ((m − 1)/M, m/M] (Guo et al., "On calibration of modern neural networks", ICML 2017, section 2).
 *
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if there is no bin, a label is not a class or a probability is negative or NaN
 */
export function reliabilityTable(
  predictions: Predictions,
  { classes, bins = 15 }: ReliabilityOptions,
): readonly ReliabilityBin[] {
  if (!Number.isSafeInteger(bins) || bins < 1) {
    throw new RangeError(
      `Cannot measure reliability: expected a whole number of bins, at least 1: received ${bins}`,
    );
  }
  assertPredictions("measure reliability", predictions, classes);
  return tallyBins(predictions, classes, bins).map(({ count, right, confidence }, index) => ({
    low: index / bins,
    high: (index + 1) / bins,
    count,
    right,
    confidence: count === 0 ? null : confidence / count,
    accuracy: count === 0 ? null : right / count,
    interval: wilsonInterval(right, count),
  }));
}

/**
 * Computes for each bin the number of samples (`count`), the number of those classified correctly (`right`), and
 * the sum of the samples' confidences (`confidence`).
 */
function tallyBins({ labels, probabilities }: Predictions, classes: number, bins: number) {
  const predicted = predictedClasses(probabilities, { samples: labels.length, classes });
  const tallies = Array.from({ length: bins }, () => ({ count: 0, right: 0, confidence: 0 }));
  predicted.forEach((best, sample) => {
    const confidence = probabilities[sample * classes + best];
    // a probability in single precision may be slightly above 1
    const bin = Math.min(Math.max(Math.ceil(confidence * bins), 1), bins);
    const tally = tallies[bin - 1];
    tally.count += 1;
    tally.right += best === labels[sample] ? 1 : 0;
    tally.confidence += confidence;
  });
  return tallies;
}

/**
 * Computes the expected calibration error of a reliability table (Guo et al., 2017, eq. 3): the absolute difference
 * between accuracy and mean confidence of a bin, averaged over bins by their numbers of samples, 0 to 1.
 *
 *   ECE = Σₘ |Bₘ|/n · |acc(Bₘ) − conf(Bₘ)|
 *
 * With few samples the error is above 0 even for a calibrated network, since accuracy and confidence in each bin
 * differ by chance.
 *
 * @returns null if there are no samples
 */
export function calibrationError(table: readonly ReliabilityBin[]): number | null {
  const samples = table.reduce((sum, { count }) => sum + count, 0);
  if (samples === 0) return null;
  return table.reduce((sum, { count, accuracy, confidence }) => {
    if (accuracy === null || confidence === null) return sum;
    return sum + count / samples * Math.abs(accuracy - confidence);
  }, 0);
}
