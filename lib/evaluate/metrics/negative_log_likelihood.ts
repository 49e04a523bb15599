import { log } from "../../tensor/math/math.ts";
import { assertPredictions, type Predictions } from "../predictions.ts";

/** The smallest positive number in single precision, 2⁻¹⁴⁹. */
const SMALLEST = 1.401298464324817e-45;

/**
 * Logarithm of a probability. One that is 0 was too small for single precision, not impossible: it
 * counts as the smallest that there is, 2⁻¹⁴⁹, so that no sample alone makes a mean infinite.
 */
export function logProbability(probability: number): number {
  return log(Math.max(probability, SMALLEST));
}

/**
 * Negative log-likelihood (Guo et al., "On calibration of modern neural networks", ICML 2017, eq. 5),
 * as the mean over the samples, in nats:
 *
 *   L = −1/n Σᵢ log p[i, label i]
 *
 * It is the loss of training with cross-entropy, but of probabilities that were rounded to single
 * precision, and with 0 taken as {@link logProbability} does.
 *
 * @returns null if there are no samples
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is no number
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
