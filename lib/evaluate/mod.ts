/**
 * Evaluates predictions: accuracy with its interval, confusion matrix, scores of each class, mistakes,
 * calibration, suspicious labels, and significance tests between networks. All are pure functions of labels
 * and probabilities.
 *
 * @example
 * ```ts
 * import { summarize } from "./mod.ts";
 *
 * const { accuracy, confusion } = summarize({
 *   split: "test",
 *   rows: new Uint32Array([7, 8, 9]),
 *   labels: new Uint16Array([0, 1, 1]),
 *   probabilities: new Float32Array([0.9, 0.1, 0.6, 0.4, 0.2, 0.8]),
 *   loss: 0.41,
 * }, ["cat", "dog"]);
 * console.log(accuracy, confusion); // 0.6666666666666666 [[1, 0], [1, 1]]
 * ```
 *
 * @module
 */
export type { SplitName } from "../data/split/samples.ts";
export type { Evaluation } from "./evaluation.ts";
export { accuracy, countRight } from "./metrics/accuracy.ts";
export { brierScore } from "./metrics/brier.ts";
export {
  calibrate,
  type Calibration,
  type CalibrationScores,
  calibrationScores,
} from "./metrics/calibration.ts";
export {
  type ClassScores,
  classScores,
  macroAverage,
  type Scores,
} from "./metrics/class_scores.ts";
export { areSame, averageEvaluations, meanProbabilities, type SampleList } from "./ensemble.ts";
export { compareNetworks } from "./significance/compare.ts";
export {
  type ConfusedPair,
  confusedPairs,
  type Confusion,
  confusionMatrix,
} from "./metrics/confusion.ts";
export { holm } from "./significance/holm.ts";
export { type Interval, wilsonInterval } from "./metrics/interval.ts";
export { type Discordant, discordant, type McNemar, mcnemar } from "./significance/mcnemar.ts";
export { joinFolds } from "./significance/cross_validation.ts";
export { findMistakes, type Mistake } from "./mistakes.ts";
export { negativeLogLikelihood } from "./metrics/negative_log_likelihood.ts";
export { predictedClasses, type ProbabilityShape } from "./predict.ts";
export type { Predictions, Probabilities } from "./predictions.ts";
export {
  calibrationError,
  type ReliabilityBin,
  type ReliabilityOptions,
  reliabilityTable,
} from "./metrics/reliability.ts";
export { scoreOfEvaluation, summarize, type Summary } from "./summarize.ts";
export { type SuspiciousLabel, suspiciousLabels } from "./suspicious_labels.ts";
export { fitTemperature, scaleByTemperature } from "./metrics/temperature.ts";
export { type TopK, topKAccuracy } from "./metrics/top_k.ts";
