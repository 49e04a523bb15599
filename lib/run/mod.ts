/**
 * What a run leaves: what its record, model, results and checkpoints hold, and how they are read.
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
export type {
  DistributionKind,
  Distributions,
  DistributionSeries,
  DistributionSubject,
  Histogram,
  Moment,
} from "./distributions.ts";
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
export { decodeResults, type Results } from "./results.ts";
export type { StepSeries } from "./steps.ts";
export type { Setting } from "../config/grid.ts";
export { COMPARED, type Compared, type PartScore, type SweptRun } from "../analysis/sweep/model.ts";
