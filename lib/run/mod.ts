/**
 * Run folders: records, models, checkpoints and results, and their encoding as files.
 *
 * @module
 */
export type * from "./record.ts";
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type History,
  type Position,
  type TrainingHistory,
} from "./checkpoint.ts";
export type { DataFile } from "./manifest.ts";
export { decodeModel, encodeModel, type Model, type Parameter } from "./model.ts";
export { type Observations, type StoredValue, valueIn, withValue } from "./observations.ts";
export { decodeResults, encodeResults, type Results } from "./results.ts";
export { COMPARED, type Compared, type ScoredRun, type SplitScore } from "./scored_run.ts";
export type { StepSeries } from "./steps.ts";
export type { Field, FieldRow, OpenFile } from "./codec/fields.ts";
export type { Safetensors, StoredTensor, TensorArrays, TensorData } from "./codec/safetensors.ts";
