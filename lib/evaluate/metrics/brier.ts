import { assertPredictions, type Predictions } from "../predictions.ts";

/**
 * Computes the Brier score (Brier, "Verification of forecasts expressed in terms of probability", Monthly
 * Weather Review 78, 1950, eq. 2): the mean squared distance of the probabilities from the true classes,
 *
 *   P = 1/n Σᵢ Σ꜀ (p[i, c] − o[i, c])²        o[i, c] = 1 if c is the true class of sample i, else 0
 *
 * The score is between 0 (certain and always correct) and 2 (certain and always wrong). It is a sum over all
 * classes, as in the paper; with two classes it is twice the value of scikit-learn's brier_score_loss.
 *
 * @returns null if there are no samples
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function brierScore(predictions: Predictions, classes: number): number | null {
  assertPredictions("give a Brier score", predictions, classes);
  const { labels, probabilities } = predictions;
  if (labels.length === 0) return null;
  let sum = 0;
  for (let i = 0, sample = 0; sample < labels.length; sample++) {
    const label = labels[sample];
    for (let column = 0; column < classes; column++, i++) {
      const distance = probabilities[i] - (column === label ? 1 : 0);
      sum += distance * distance;
    }
  }
  return sum / labels.length;
}
