import type { SplitName } from "../../data/split/samples.ts";
import type { Evaluation } from "../evaluation.ts";
import { brierScore } from "./brier.ts";
import { negativeLogLikelihood } from "./negative_log_likelihood.ts";
import type { Predictions } from "../predictions.ts";
import { calibrationError, reliabilityTable } from "./reliability.ts";
import { fitTemperature, scaleByTemperature } from "./temperature.ts";

/** Scores of a network's predicted probabilities on some samples. */
export interface CalibrationScores {
  /** Negative log-likelihood, see {@link negativeLogLikelihood}; null if there are no samples. */
  readonly negativeLogLikelihood: number | null;
  /** Brier score, see {@link brierScore}; null if there are no samples. */
  readonly brier: number | null;
  /** Expected calibration error with 15 bins, see {@link calibrationError}; null if there are no samples. */
  readonly calibrationError: number | null;
}

/**
 * The temperature fitted on the validation split, and the scores of the probabilities on each split before and after
 * scaling by this temperature.
 */
export type Calibration =
  & {
    readonly [Split in SplitName]?: {
      readonly before: CalibrationScores;
      readonly after: CalibrationScores;
    };
  }
  & { readonly temperature: number };

/**
 * Calibrates a network by temperature scaling: fits the temperature on the validation split, and scores the
 * probabilities on each split before and after scaling.
 *
 * @returns undefined without a validation split, or if the split has no optimal temperature
 * @throws {TypeError} if the lengths of an evaluation's arrays are inconsistent
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function calibrate(
  evaluations: readonly Evaluation[],
  classes: number,
): Calibration | undefined {
  const validation = evaluations.find(({ split }) => split === "validation");
  const temperature = validation && fitTemperature(validation, classes);
  if (temperature === undefined || temperature === null) return undefined;
  const splits = evaluations.map(({ split, labels, probabilities }) => {
    const scaled = scaleByTemperature(probabilities, { classes, temperature });
    const before = calibrationScores({ labels, probabilities }, classes);
    const after = calibrationScores({ labels, probabilities: scaled }, classes);
    return [split, { before, after }] as const;
  });
  return { temperature, ...Object.fromEntries(splits) };
}

/**
 * Computes the scores of predicted probabilities.
 *
 * @throws {TypeError} if there are not samples × classes probabilities
 * @throws {RangeError} if a label is not a class or a probability is negative or NaN
 */
export function calibrationScores(predictions: Predictions, classes: number): CalibrationScores {
  return {
    negativeLogLikelihood: negativeLogLikelihood(predictions, classes),
    brier: brierScore(predictions, classes),
    calibrationError: calibrationError(reliabilityTable(predictions, { classes })),
  };
}
