/**
 * Trains multilayer perceptrons from scratch: the same functions that `deno task train` calls, in the
 * order of the data.
 *
 *     load → split → (prepare) → normalize → (reduce)
 *         → train [ forward → loss → backward → update ] → evaluate → report
 *
 * Importing this module does nothing: no file is read and no worker started before a function is
 * called. `loadDataset` and `openRun` read files; `fit`, `evaluateSplit`, `predict` and `openPredictor`
 * compute in workers; `openRowPredictor` computes on the calling thread; all others are pure.
 *
 * This module has the functions for loading, training, evaluating and predicting. Functions for other purposes
 * are in modules by subject: `./data` (file formats, splitting), `./tensor` (expressions), `./nn` (forward and
 * backward of every layer and loss), `./train` (optimizers, schedules, the training step), `./evaluate`
 * (metrics, significance tests), `./report`, `./run` (files of a run folder), `./engine` (backends), `./config`
 * (tables of layers, optimizers and other parts by name), `./plot`, and `./predict` (prediction alone, for
 * browsers).
 *
 * @example From handwritten digits to an accuracy
 * ```ts
 * import { assertGreater } from "@std/assert";
 * import * as ann from "./mod.ts";
 *
 * const digits = await ann.loadDataset(ann.mnist10k(), { cacheDirectory: ".cache" });
 * const splits = ann.split(digits, { validation: 800, seed: 42 });
 *
 * const { trained } = await ann.fit({
 *   ...splits,
 *   normalization: ann.unit()(splits.train),
 *   network: ann.network([ann.dense({ units: 64 }), ann.relu(), ann.dense({ units: 10 })], 28 * 28),
 *   loss: ann.softmaxCrossEntropy(),
 *   optimizer: ann.adam(),
 *   learningRate: ann.cosine({ from: 0.003 }),
 *   epochs: 3,
 *   batchSize: 64,
 *   seed: 42,
 * });
 *
 * const evaluation = await ann.evaluateSplit(trained, "test", ann.splitOf(splits, "test"));
 * const { accuracy } = ann.summarize(evaluation, digits.classes);
 * assertGreater(accuracy, 0.9);
 * ```
 *
 * @example The gradient of a loss, written out and computed at once
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { denseBackward, denseForward } from "./lib/nn/mod.ts"; // "@ann/mlp/nn"
 * import { compute, softmaxCrossEntropy, tensor } from "./mod.ts";
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
export type { Dataset, Samples, Split, Splits } from "./lib/data/dataset.ts";
export {
  fromArrays,
  type FromArraysOptions,
  type LabelledArrays,
} from "./lib/data/datasets/from_arrays.ts";
export { csv } from "./lib/data/datasets/csv.ts";
export { emnist } from "./lib/data/datasets/emnist.ts";
export { fashionMnist } from "./lib/data/datasets/fashion_mnist.ts";
export { idx } from "./lib/data/datasets/idx.ts";
export { kmnist } from "./lib/data/datasets/kmnist.ts";
export { mnist } from "./lib/data/datasets/mnist.ts";
export { mnist10k } from "./lib/data/datasets/mnist_10k.ts";
export { npz } from "./lib/data/datasets/npz.ts";
export { qmnist } from "./lib/data/datasets/qmnist.ts";
export {
  loadDataset,
  type LoadOptions,
  type LoadProgress,
  type PictureProgress,
} from "./lib/io/datasets.ts";
export type { DownloadProgress } from "./lib/io/download.ts";
export type { Places } from "./lib/io/find_file.ts";

// Split
export { split, splitOf, type SplitOptions } from "./lib/data/split/split.ts";

// Prepare
export { center } from "./lib/data/prepare/center.ts";
export { deskew } from "./lib/data/prepare/deskew.ts";
export { prepare } from "./lib/data/prepare/prepare.ts";

// Normalize
export type { Normalization } from "./lib/data/dataset.ts";
export { none } from "./lib/data/normalize/none.ts";
export { standardize } from "./lib/data/normalize/standardize.ts";
export { unit } from "./lib/data/normalize/unit.ts";

// Reduce
export { pca } from "./lib/data/reduce/pca.ts";

// Train: augment
export {
  affine,
  cutout,
  elastic,
  imageDeformations,
  mixup,
  noise,
} from "./lib/data/augment/mod.ts";

// Train: forward, loss, backward
export * as tensor from "./lib/tensor/mod.ts";
export type { Tensor } from "./lib/tensor/mod.ts";
export { evaluate as compute } from "./lib/engine/reference/reference.ts";
export {
  batchNorm,
  dense,
  dropout,
  elu,
  focal,
  gaussianNoise,
  gelu,
  hinge,
  type Layer,
  layerNorm,
  leakyRelu,
  type Loss,
  maxout,
  meanSquaredError,
  type Network,
  network,
  relu,
  residual,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  softplus,
  tanh,
} from "./lib/nn/mod.ts";

// Train: update, fit
export {
  adadelta,
  adagrad,
  adam,
  adamw,
  amsgrad,
  lamb,
  lion,
  momentum,
  muon,
  nadam,
  nesterov,
  type Optimizer,
  rmsprop,
  sgd,
} from "./lib/optim/optimizers/mod.ts";
export {
  constantRate,
  cosine,
  exponentialRate,
  inverseSquareRoot,
  linearRate,
  oneCycle,
  plateau,
  polynomial,
  type Schedule,
  stepRate,
  warmUp,
} from "./lib/optim/schedules/mod.ts";
export { exponentialAverage, stochasticAverage } from "./lib/optim/averaging/mod.ts";
export {
  DivergedError,
  type EarlyStopping,
  type EpochRecord,
  fit,
  type FitOptions,
  type Fitted,
  type Progress,
  WorkerError,
} from "./lib/train/mod.ts";
export type { TrainingHistory } from "./lib/run/checkpoint.ts";

export { singleThread } from "./lib/engine/wasm/exact.ts";
export { blas } from "./lib/engine/blas/blas.ts";
export { native } from "./lib/io/native.ts";
export {
  adviseRate,
  type RateAdvice,
  type RateCurve,
  type RateRange,
  testRates,
} from "./lib/analysis/lr_range/range_test.ts";

// Evaluate
export {
  evaluateSplit,
  evaluateSplits,
  type EvaluationOptions,
  type Trained,
} from "./lib/train/mod.ts";
export {
  calibrate,
  compareNetworks,
  type Evaluation,
  findMistakes,
  type Mistake,
  predictedClasses,
  type SplitName,
  summarize,
  type Summary,
  suspiciousLabels,
  wilsonInterval,
} from "./lib/evaluate/mod.ts";

// Predict
export { encodeRow, type TableRow } from "./lib/data/encode/encoding.ts";
export {
  openPredictor,
  openRowPredictor,
  predict,
  type Predictor,
  type RowPredictor,
} from "./lib/train/mod.ts";

// Keep
export {
  type LoadedModel,
  loadModel,
  type LoadModelOptions,
  type ModelNames,
  saveModel,
} from "./lib/train/mod.ts";
export { type FinishedRun, openRun } from "./lib/io/results/open_run.ts";

// Report
export { charts, report } from "./lib/report/mod.ts";
export type { RunRecord } from "./lib/run/record.ts";
