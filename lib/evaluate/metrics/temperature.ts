/**
 * Calibrates a network's confidence by a single number, the temperature, without changing its predictions (Guo et
 * al., "On calibration of modern neural networks", ICML 2017, section 4.2).
 *
 *   q[i] = softmax(z[i] / T)        z [samples, classes], the outputs before the softmax
 *
 * T > 1 lowers the confidence, T < 1 raises it. The probabilities p suffice to compute q: up to a constant for each
 * sample, which the softmax cancels, z is log p.
 *
 * @module
 */
import { exp, log } from "../../tensor/math/math.ts";
import { logProbability } from "./negative_log_likelihood.ts";
import { assertPredictions, type Predictions, type Probabilities } from "../predictions.ts";

/**
 * Relative size of a Newton step after which no further step is made. The next step, about its square,
 * would be lost in rounding.
 */
const LAST_STEP = 1e-7;

/** Exponent x below which eˣ is negligible in a sum with the term 1: even 10⁵ such terms do not change the sum. */
const NEGLIGIBLE = -50;

/**
 * Fits the temperature that minimizes the negative log-likelihood of the labels. Use the predictions on the
 * validation split, not those on the split that is evaluated.
 *
 * As a function of u = 1/T, the negative log-likelihood is L(u) = Σᵢ (log Σ꜀ exp(u z[i, c]) − u z[i, label i]). It
 * is convex and has one minimum, where L′(u) = M(u) − Σᵢ z[i, label i] = 0. M(u) is the sum over samples of the mean
 * of z over the classes, weighted by the probabilities at u. The largest z of each sample is subtracted, so that
 * both terms are negative. Then log −M is an almost straight line over log u, and Newton's method in these two
 * variables converges to about the last digit in a few steps. A step that leaves the bracket of the minimum is
 * replaced by a step to the bracket's middle. A probability of 0 counts as 2⁻¹⁴⁹, the smallest positive number in
 * single precision.
 *
 * @returns null if no temperature is optimal: without samples; if all predictions are correct, since the
 * likelihood rises as T → 0; and if no T > 0 is as good as T → ∞, with equal probabilities of all classes
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function fitTemperature(predictions: Predictions, classes: number): number | null {
  assertPredictions("fit a temperature", predictions, classes);
  const { labels, probabilities } = predictions;
  const outputs = shiftedLogProbabilities(probabilities, classes);
  const wanted = labels.reduce((sum, label, sample) => sum + outputs[sample * classes + label], 0);
  if (wanted === 0 || sumMeanOutputs(outputs, classes, 0).mean >= wanted) return null;
  let [low, u, high] = [0, 1, Infinity];
  while (true) {
    const { mean, slope } = sumMeanOutputs(outputs, classes, u);
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

/**
 * Computes M(u), the sum over samples of the mean of their outputs (`mean`), and its derivative M′(u), the sum over
 * samples of the variance of their outputs (`slope`). Mean and variance of a sample's outputs are weighted by the
 * probabilities at the inverse temperature u.
 *
 * @param outputs log probabilities [samples, classes], the largest of each sample being 0
 */
function sumMeanOutputs(outputs: Float64Array<ArrayBuffer>, classes: number, u: number) {
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

/**
 * Returns the logarithms of probabilities [samples, classes], shifted so that the largest one of each sample is 0.
 */
function shiftedLogProbabilities(
  probabilities: Probabilities,
  classes: number,
): Float64Array<ArrayBuffer> {
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
 * Scales probabilities p [samples, classes] by a temperature T: softmax(log p / T), in double precision.
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
  const scaled = shiftedLogProbabilities(probabilities, classes);
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
