/**
 * Run folders: what a run is called, which files it leaves, and what is in them.
 *
 * @module
 */
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type History,
  type Position,
} from "./checkpoint.ts";
export {
  checkpointName,
  checkpointStep,
  decodeRun,
  encodeRun,
  FILES,
  FURTHER_RECORD_FILES,
  RECORD_FILES,
  type RunSummary,
  summarizeRun,
} from "./folder.ts";
export {
  type AnyStageConfig,
  FORMAT_VERSION,
  type Identity,
  isRunName,
  runId,
  runName,
  slug,
} from "./identity.ts";
export { canonicalJson, jsonLines, parseJson, parseJsonLines, prettyJson } from "./json.ts";
export {
  changedFiles,
  decodeManifest,
  encodeManifest,
  type FileHash,
  hashFiles,
  type Manifest,
} from "./manifest.ts";
export { decodeMetrics, encodeMetrics } from "./metrics.ts";
export {
  type DistributionKind,
  type Distributions,
  type DistributionSeries,
  type DistributionSubject,
  type Histogram,
  type Moment,
} from "./distributions.ts";
export { decodeObservations, encodeObservations } from "./observations.ts";
export type { Embedding, FirstLayer, Looked, Observations, UnitWeights } from "./observed.ts";
export type { Normalization } from "../data/dataset.ts";
export type { ClassCounts, DataOverview, LabelledSamples } from "../observe/overview.ts";
export { decodeModel, encodeModel, type Model, type Parameter } from "./model.ts";
export type {
  DeformedGallery,
  EpochRecord,
  Gallery,
  ReductionRecord,
  RunOrigin,
  RunRecord,
} from "./record.ts";
export type { SplitName, Values } from "../data/parts.ts";
export type { Evaluation, Score } from "../evaluate/evaluation.ts";
export { decodeResults, encodeResults, type Results } from "./results.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
  type TensorData,
} from "./codec/safetensors.ts";
export { appendSteps, noSteps, type StepSeries } from "./steps.ts";
export type { Setting } from "../config/grid.ts";
export { COMPARED, type Compared, type PartScore, type ScoredRun } from "./scored_run.ts";
