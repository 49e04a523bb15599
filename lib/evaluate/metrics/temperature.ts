/**
 * Temperature scaling (Guo et al., "On calibration of modern neural networks", ICML 2017, section
 * 4.2): one number that calibrates a network's confidence without changing its predictions.
 *
 *   q[i] = softmax(z[i] / T)        z [samples, classes], the outputs before the softmax
 *
 * T > 1 lowers the confidence, T < 1 raises it. Only the probabilities are stored, which is sufficient:
 * z = log p up to a constant for each sample, which the softmax cancels.
 *
 * @module
 */
import { exp, log } from "../../tensor/math/math.ts";
import { logProbability } from "./negative_log_likelihood.ts";
import { assertPredictions, type Predictions, type Probabilities } from "../predictions.ts";

/** Relative size of a Newton step below which the next step, about its square, is lost in rounding. */
const LAST_STEP = 1e-7;

/** Below this, eˣ is negligible beside the 1 in each sum: 10⁵ such terms are below its last digit. */
const NEGLIGIBLE = -50;

/**
 * Fits the temperature that minimizes the negative log-likelihood of the labels. Fit it on the validation
 * split, not on the split that is evaluated.
 *
 * In u = 1/T that is a convex function, L(u) = Σᵢ (log Σ꜀ exp(u z[i, c]) − u z[i, label i]), with
 * one minimum, where L′(u) = M(u) − Σᵢ z[i, label i] = 0; M(u) is the sum of the outputs' means over
 * the classes, weighted by the probabilities at u. If the largest z of each sample is subtracted, both terms
 * are negative, and log −M is an almost straight line over log u, so Newton's method in these two variables
 * converges to about the last digit in a few steps. A step outside of the bracket of the minimum is replaced
 * by its middle. A probability of 0 counts as in {@link logProbability}.
 *
 * @returns null if no temperature is optimal: without samples; if all predictions are correct, since the
 * likelihood rises as T → 0; and if no T > 0 is as good as T → ∞, with equal probabilities of all classes
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function fitTemperature(predictions: Predictions, classes: number): number | null {
  assertPredictions("fit a temperature", predictions, classes);
  const { labels, probabilities } = predictions;
  const outputs = relativeOutputs(probabilities, classes);
  const wanted = labels.reduce((sum, label, sample) => sum + outputs[sample * classes + label], 0);
  if (wanted === 0 || meanOutputs(outputs, classes, 0).mean >= wanted) return null;
  let [low, u, high] = [0, 1, Infinity];
  while (true) {
    const { mean, slope } = meanOutputs(outputs, classes, u);
    if (mean < wanted) low = u;
    else high = u;
    const next = u * exp(-log(mean / wanted) * mean / (slope * u));
    if (next > low && next < high) {
      if (Math.abs(next - u) <= LAST_STEP * u) return 1 / next;
      u = next;
    } else {
      const middle = high === Infinity ? 2 * low : low + (high - low) / 2;
      if (middle === u || mean === wanted) return 1 / u;
      u = middle;
    }
  }
}

/** Computes M(u), the sum of the samples' mean outputs, and M′(u), the sum of their variances. */
function meanOutputs(outputs: Float64Array<ArrayBuffer>, classes: number, u: number) {
  let sum = 0;
  let slope = 0;
  for (let start = 0; start < outputs.length; start += classes) {
    let weights = 0;
    let first = 0;
    let second = 0;
    for (let i = start; i < start + classes; i++) {
      const output = outputs[i];
      if (u * output < NEGLIGIBLE) continue;
      const weight = u * output === 0 ? 1 : exp(u * output);
      weights += weight;
      first += weight * output;
      second += weight * output * output;
    }
    const mean = first / weights;
    sum += mean;
    slope += second / weights - mean * mean;
  }
  return { mean: sum, slope };
}

/** Returns the logarithms of the probabilities minus the largest of each sample, so that they are at most 0. */
function relativeOutputs(probabilities: Probabilities, classes: number): Float64Array<ArrayBuffer> {
  const outputs = new Float64Array(probabilities.length);
  for (let start = 0; start < outputs.length; start += classes) {
    let largest = -Infinity;
    for (let i = start; i < start + classes; i++) {
      const output = logProbability(probabilities[i]);
      outputs[i] = output;
      if (output > largest) largest = output;
    }
    for (let i = start; i < start + classes; i++) outputs[i] = outputs[i] - largest;
  }
  return outputs;
}

/**
 * Scales probabilities by a temperature: softmax(log p / T), in double precision, [samples, classes].
 *
 * @throws {RangeError} if the temperature is not positive
 */
export function scaleByTemperature(
  probabilities: Probabilities,
  { classes, temperature }: { readonly classes: number; readonly temperature: number },
): Float64Array<ArrayBuffer> {
  if (!(temperature > 0)) {
    throw new RangeError(`Cannot scale: expected a temperature above 0: received ${temperature}`);
  }
  const scaled = relativeOutputs(probabilities, classes);
  for (let start = 0; start < scaled.length; start += classes) {
    let sum = 0;
    for (let i = start; i < start + classes; i++) {
      const weight = exp(scaled[i] / temperature);
      scaled[i] = weight;
      sum += weight;
    }
    for (let i = start; i < start + classes; i++) scaled[i] = scaled[i] / sum;
  }
  return scaled;
}
