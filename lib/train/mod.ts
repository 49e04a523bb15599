/**
 * Training: optimizers, learning-rate schedules, the training step as an expression, the training loop,
 * and evaluation and prediction with the trained network.
 *
 * @module
 */
export * from "../optim/optimizers/mod.ts";
export * from "../optim/schedules/mod.ts";
export * from "../optim/averaging/mod.ts";
export * from "../optim/parameter_groups.ts";
export { type Adversarial, adversarialSchema } from "./step/adversarial.ts";
export { type Clip, clipSchema } from "../optim/clip.ts";
export type { EarlyStopping } from "./early_stopping.ts";
export * from "../evaluate/monitor.ts";
export * from "./step/batch.ts";
export * from "./step/options.ts";
export {
  accumulationStep,
  averagedNames,
  classificationStep,
  evaluationStep,
  initialState,
  predictionStep,
  type Step,
  trainingStep,
} from "./step/step.ts";
export { WorkerError } from "../engine/workers/connection.ts";
export { DivergedError, fit, type Fitted } from "./fit.ts";
export type { Every, FitOptions, Progress, RunningFit } from "./options.ts";
export type { Fault } from "./fault.ts";
export type * from "./observation/observer.ts";
export type { ObservedPass } from "./observation/step.ts";
export type { StepResults, Training } from "./session.ts";
export type { Ranks } from "./ranks/ranks.ts";
export { parametersOf, type ParameterValue, stateOf, type StateValues } from "./state.ts";
export type { TestTimeAugmentation } from "./inference/test_time_augmentation.ts";
export { evaluateSplit, evaluateSplits, type EvaluationOptions } from "./inference/evaluate.ts";
export {
  type LoadedModel,
  loadModel,
  type LoadModelOptions,
  type ModelNames,
  saveModel,
} from "./inference/model.ts";
export type { Trained } from "./inference/trained.ts";
export {
  openPredictor,
  openRowPredictor,
  predict,
  type Predictor,
  type RowPredictor,
  type Rows,
} from "./inference/predictor.ts";
export type { Normalization, Samples, Split } from "../data/dataset.ts";
export type { NamedSplit } from "../data/split/samples.ts";
export type { Observations, StoredValue } from "../run/observations.ts";
export type { EpochRecord } from "../run/record.ts";
export type { Score, ScoreRecord } from "../evaluate/evaluation.ts";
