import { log } from "../../tensor/math/math.ts";
import { assertPredictions, type Predictions } from "../predictions.ts";

/** The smallest positive number in single precision, 2⁻¹⁴⁹. */
const SMALLEST = 1.401298464324817e-45;

/**
 * Returns the natural logarithm of a probability. A probability of 0 counts as 2⁻¹⁴⁹, the smallest positive number in
 * single precision, since it stands for a probability too small to be represented. A single sample therefore cannot
 * make a mean infinite.
 */
export function logProbability(probability: number): number {
  return log(Math.max(probability, SMALLEST));
}

/**
 * Computes the negative log-likelihood (Guo et al., "On calibration of modern neural networks", ICML 2017,
 * eq. 5), as the mean over the samples, in nats:
 *
 *   L = −1/n Σᵢ log p[i, label i]
 *
 * It equals the cross-entropy loss, except that probabilities are rounded to single precision and that a probability
 * of 0 counts as the smallest positive number.
 *
 * @returns null if there are no samples
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function negativeLogLikelihood(predictions: Predictions, classes: number): number | null {
  assertPredictions("give a likelihood", predictions, classes);
  const { labels, probabilities } = predictions;
  if (labels.length === 0) return null;
  let sum = 0;
  labels.forEach((label, sample) => {
    sum -= logProbability(probabilities[sample * classes + label]);
  });
  return sum / labels.length;
}
