/**
 * Trains multilayer perceptrons from scratch: the same functions that `deno task train` calls, in the
 * order of the data.
 *
 *     load → split → (prepare) → normalize → (reduce)
 *         → train [ forward → loss → backward → update ] → evaluate → report
 *
 * Importing this module does nothing: no file is read and no worker started before a function is
 * called. `loadDataset` reads files; `fit`, `evaluatePart`, `predict` and `openPredictor` compute in
 * workers; `openRowPredictor` computes when it is asked; all others are pure.
 *
 * @example From handwritten digits to an accuracy
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import * as ann from "./mod.ts";
 *
 * const digits = await ann.loadDataset(ann.mnist10k(), { cacheDirectory: ".cache" });
 * const parts = ann.split(digits, { validation: 800, seed: 42 });
 *
 * const { trained } = await ann.fit({
 *   ...parts,
 *   normalization: ann.unit()(parts.train),
 *   network: ann.network([ann.dense({ units: 64 }), ann.relu(), ann.dense({ units: 10 })], 28 * 28),
 *   loss: ann.softmaxCrossEntropy(),
 *   optimizer: ann.adam(),
 *   schedule: ann.cosine({ from: 0.003 }),
 *   epochs: 3,
 *   batchSize: 64,
 *   seed: 42,
 * });
 *
 * const evaluation = await ann.evaluatePart(trained, "test", ann.partOf(parts, "test"));
 * const { accuracy } = ann.summarize(evaluation, digits.classes);
 * assertGreater(accuracy, 0.9);
 * ```
 *
 * @example The gradient of a loss, written out and computed at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compute, denseBackward, denseForward, softmaxCrossEntropy, tensor } from "./mod.ts";
 *
 * const x = tensor.input("x", [2, 3]);
 * const params = { weight: tensor.input("weight", [3, 2]), bias: tensor.input("bias", [2]) };
 * const labels = tensor.input("labels", [2], "integer");
 *
 * const logits = denseForward(params, x);
 * const dy = softmaxCrossEntropy().backward(logits, labels);
 * const { grads } = denseBackward(params, x, dy);
 *
 * const inputs = { x: [1, 0, 0, 0, 1, 0], weight: [0, 0, 0, 0, 0, 0], bias: [0, 0], labels: [0, 1] };
 * const [weight] = compute([grads.weight], { inputs });
 * assertEquals(weight, new Float32Array([-0.25, 0.25, 0.25, -0.25, 0, 0]));
 * ```
 *
 * @module
 */

// Load
export type {
  Dataset,
  Normalization,
  Part,
  Parts,
  Reduction,
  Samples,
} from "./lib/data/dataset.ts";
export { type Arrays, assembleArrays, type NumberArray } from "./lib/data/datasets/arrays.ts";
export { type ArrayChanges, assembleIdx, type IdxFiles } from "./lib/data/datasets/assemble.ts";
export { csv, type CsvTableOptions } from "./lib/data/datasets/csv.ts";
export { emnist, type EmnistOptions } from "./lib/data/datasets/emnist.ts";
export { fashionMnist } from "./lib/data/datasets/fashion_mnist.ts";
export type { FolderOptions } from "./lib/data/datasets/folder.ts";
export type { Hashes } from "./lib/data/datasets/given.ts";
export {
  fromArrays,
  type FromArraysOptions,
  type LabelledArrays,
} from "./lib/data/datasets/from_arrays.ts";
export { idx, type IdxOptions } from "./lib/data/datasets/idx.ts";
export { kmnist } from "./lib/data/datasets/kmnist.ts";
export { mnist } from "./lib/data/datasets/mnist.ts";
export { mnist10k } from "./lib/data/datasets/mnist_10k.ts";
export { npz, type NpzOptions } from "./lib/data/datasets/npz.ts";
export { qmnist } from "./lib/data/datasets/qmnist.ts";
export { datasets, datasetTable } from "./lib/data/datasets/mod.ts";
export type {
  CommonSource,
  DatasetSource,
  EmbeddedSource,
  GivenFile,
  GivenSource,
  KnownFile,
  KnownSource,
  LoadedFile,
  PublishedSource,
} from "./lib/data/datasets/source.ts";
export type { Delimiter } from "./lib/data/formats/csv.ts";
export type { Content } from "./lib/data/formats/content.ts";
export { storedBytes, type StoredFile } from "./lib/data/formats/gzip.ts";
export { type Idx, type IdxOf, readIdx, unpackIdx, writeIdx } from "./lib/data/formats/idx.ts";
export { type Npy, readNpy } from "./lib/data/formats/npy.ts";
export { type Npz, openNpz } from "./lib/data/formats/npz.ts";
export { readTable, type SampleTable, type TableOptions } from "./lib/data/formats/table.ts";
export type { TextLabels } from "./lib/data/formats/classes.ts";
export {
  fetchDataset,
  loadDataset,
  type LoadOptions,
  type LoadProgress,
} from "./lib/io/datasets.ts";
export type { DownloadProgress } from "./lib/io/download.ts";
export type { Places } from "./lib/io/find_file.ts";
export type { DataFile } from "./lib/run/manifest.ts";

// Split
export { type FoldOptions, stratifyFold } from "./lib/data/split/folds.ts";
export { partOf, split, type SplitOptions } from "./lib/data/split/split.ts";
export { stratify, type StratifyOptions } from "./lib/data/split/stratify.ts";

// Prepare
export { center, type CenterOptions } from "./lib/data/prepare/center.ts";
export { deskew } from "./lib/data/prepare/deskew.ts";
export type { ImageMap, Preparer } from "./lib/data/prepare/image.ts";
export { type Preparation, preparations, preparationTable } from "./lib/data/prepare/mod.ts";
export { prepare } from "./lib/data/prepare/prepare.ts";

// Normalize
export { normalizations, normalizationTable } from "./lib/data/normalize/mod.ts";
export { none } from "./lib/data/normalize/none.ts";
export type { Normalizer } from "./lib/data/normalize/normalizer.ts";
export { standardize, type StandardizeOptions } from "./lib/data/normalize/standardize.ts";
export { unit } from "./lib/data/normalize/unit.ts";

// Reduce
export { reductions, reductionTable } from "./lib/data/reduce/mod.ts";
export { pca, type PcaOptions } from "./lib/data/reduce/pca.ts";
export type { Reducer } from "./lib/data/reduce/reducer.ts";

// Train: deform
export * from "./lib/data/augment/mod.ts";

// Train: forward → loss → backward
export * as tensor from "./lib/tensor/mod.ts";
export type {
  ElementType,
  Encoding,
  ImageSize,
  Key,
  MathFunction,
  Operation,
  Primitive,
  PRIMITIVES,
  Shape,
  Tensor,
} from "./lib/tensor/mod.ts";
export {
  type Bindings,
  type Elements,
  evaluate as compute,
  type Precision,
  type SourceValues,
} from "./lib/engine/reference/reference.ts";
export * from "./lib/nn/mod.ts";

// Train: update, step, fit
export * from "./lib/train/mod.ts";
export {
  adviseRate,
  type RateAdvice,
  type RateCurve,
  type RateRange,
  risingRate,
  testRates,
} from "./lib/analysis/lr_range/range_test.ts";
export { observers } from "./lib/observe/mod.ts";
export type * from "./lib/engine/backend.ts";
export type * from "./lib/engine/program/loop.ts";
export type * from "./lib/engine/program/program.ts";
export type { StoredFeatures } from "./lib/engine/program/sources.ts";
export type { StepTimes } from "./lib/engine/workers/stopwatch.ts";
export type { Detail, Tape } from "./lib/engine/workers/tape.ts";
export { singleThread } from "./lib/engine/wasm/exact.ts";
export { blas, type BlasBackend, type BlasOptions } from "./lib/engine/blas/blas.ts";
export type { BlasDescription } from "./lib/engine/blas/library.ts";
export type * from "./lib/engine/native.ts";
export { native } from "./lib/io/native.ts";

// Evaluate
export * from "./lib/evaluate/mod.ts";

// Report
export {
  type ChartFile,
  charts,
  type DeformedGallery,
  type Drawings,
  drawings,
  type Figure,
  type Gallery,
  type Panel,
  type PanelOf,
  panels,
  type ReductionRecord,
  report,
  type RunRecord,
} from "./lib/report/mod.ts";

// Keep: what a run leaves
export {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
  type History,
  type Position,
  type TrainingHistory,
} from "./lib/run/checkpoint.ts";
export { decodeModel, encodeModel, type Model, type Parameter } from "./lib/run/model.ts";
export { type FinishedRun, openRun } from "./lib/io/results/open_run.ts";
export { decodeResults, encodeResults, type Results } from "./lib/run/results.ts";
export type { EpochRecord, RunOrigin } from "./lib/run/record.ts";
export { valueIn, withValue } from "./lib/run/observations.ts";
export type { Field, FieldRow, OpenFile } from "./lib/run/codec/fields.ts";
export type {
  Safetensors,
  StoredTensor,
  TensorArrays,
  TensorData,
} from "./lib/run/codec/safetensors.ts";
export { COMPARED, type Compared, type PartScore, type ScoredRun } from "./lib/run/scored_run.ts";
export type { Values } from "./lib/data/parts.ts";
export type { Setting } from "./lib/config/grid.ts";
export type { Score } from "./lib/evaluate/evaluation.ts";
export type { StepSeries } from "./lib/run/steps.ts";

// Tables of named things, from which a config chooses
export {
  type Agreement,
  type Entries,
  type Entry,
  entry,
  type Named,
  type OptionForm,
  type OptionsOf,
  type Registry,
  registry,
  type Schema,
  type Table,
  type Tagged,
} from "./lib/config/registry.ts";
