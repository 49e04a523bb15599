/**
 * Training: optimizers, learning rates, the step from one state to the next, and fitting, which
 * takes many of them; then asking the trained network.
 *
 * @module
 */

export * from "./optimizers/mod.ts";
export * from "./schedules/mod.ts";
export * from "./averaging/mod.ts";
export * from "./groups.ts";
export { type Adversarial, adversarialSchema } from "./adversarial.ts";
export { type Clip, clipSchema } from "./clip.ts";
export { type EarlyStopping, earlyStoppingSchema } from "./stopping.ts";
export * from "./metric.ts";
export * from "./batch.ts";
export * from "./step.ts";
export { WorkerError } from "../engine/connection.ts";
export {
  DivergedError,
  type Every,
  fit,
  type FitOptions,
  type Fitted,
  type Progress,
} from "./fit.ts";
export type { Fault } from "./fault.ts";
export type { StepResults, Training } from "./session.ts";
export { parametersOf, type ParameterValue, stateOf, type StateValues } from "./state.ts";
export {
  adviseRate,
  type RateAdvice,
  type RateCurve,
  type RateRange,
  risingRate,
  testRates,
} from "./rate_range.ts";
export type { Copies } from "./copies.ts";
export {
  evaluatePart,
  evaluateParts,
  type EvaluationOptions,
  type NamedPart,
  type Trained,
} from "./infer.ts";
export {
  openPredictor,
  openRowPredictor,
  predict,
  type Predictor,
  type RowPredictor,
  type Rows,
} from "./predictor.ts";
export type { Backend } from "../engine/backend.ts";
export type { Normalization, Part, Samples } from "../data/dataset.ts";
export type { EpochRecord, Score, ScoreRecord } from "../run/record.ts";
