/**
 * Small trainings that together use every part a config may name, on data made in memory. They read no
 * file and start no worker unless they have to, so that any engine with WebAssembly can run them.
 *
 * @module
 */
import { withoutMixtures } from "../../lib/data/augment/mod.ts";
import type { Dataset, Samples } from "../../lib/data/dataset.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";
import { prepare } from "../../lib/data/prepare/prepare.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { split, splitOf } from "../../lib/data/split/split.ts";
import type { Backend } from "../../lib/engine/backend.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { encodeModel } from "../../lib/run/model.ts";
import { below, key } from "../../lib/tensor/mod.ts";
import { fit } from "../../lib/train/fit.ts";
import { evaluateSplit } from "../../lib/train/inference/evaluate.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";
import { buildTraining } from "../../pipelines/experiment/building.ts";
import { stageTable } from "../../pipelines/experiment/stage_table.ts";

/** A small run, as stages of a config. */
export interface SmallRun {
  readonly prepare?: readonly unknown[];
  readonly normalize: { readonly name: string; readonly per?: string };
  readonly reduce?: unknown;
  /** Options of the stage "train" besides epochs and size of a batch. */
  readonly train: { readonly layers: readonly unknown[]; readonly [option: string]: unknown };
  /** Augmented copies of each sample that evaluation averages over. Defaults to 0. */
  readonly augmentedCopies?: number;
}

const CLASSES = 4;
const SEED = 42;

const dense = (units: number, initializer: string, rest: object = {}) => ({
  name: "dense",
  units,
  initializer: { name: initializer, ...rest },
});
const named = (name: string, options: object = {}) => ({ name, ...options });
const relu = named("relu");
const output = dense(CLASSES, "glorotUniform");
const crossEntropy = named("softmaxCrossEntropy");

/** The runs by name: two epochs of four steps each. */
export const SMALL_RUNS: Readonly<Record<string, SmallRun>> = {
  "sgd of raw bytes": {
    normalize: named("none"),
    train: {
      layers: [dense(9, "heNormal"), relu, output],
      loss: named("hinge", { margin: 0.5, squared: true }),
      optimizer: named("sgd"),
      learningRate: named("constant", { rate: 1e-6 }),
      regularization: { l1: 0.001, l2: 0.001 },
    },
  },
  "momentum of straightened, reduced images": {
    prepare: [named("deskew"), named("center", { interpolate: true })],
    normalize: named("unit"),
    reduce: named("pca", { components: 0.9, whiten: true }),
    train: {
      layers: [dense(8, "heUniform"), named("tanh"), output],
      loss: named("meanSquaredError"),
      optimizer: named("momentum"),
      learningRate: named("step", { rate: 0.05, every: 1, factor: 0.5 }),
    },
  },
  "nesterov with normalized batches": {
    normalize: named("standardize"),
    train: {
      layers: [dense(33, "glorotNormal"), named("batchNorm"), named("leakyRelu"), output],
      loss: named("focal"),
      optimizer: named("nesterov"),
      learningRate: named("exponential", { rate: 0.05, factor: 0.9, per: "step" }),
    },
  },
  "rmsprop with normalized samples": {
    normalize: named("standardize", { per: "all" }),
    train: {
      layers: [dense(12, "lecunNormal"), named("layerNorm"), named("silu"), output],
      loss: named("softmaxCrossEntropy", { labelSmoothing: 0.1 }),
      optimizer: named("rmsprop", { momentum: 0.5, centered: true }),
      learningRate: named("cosine", { from: 0.01, to: 0 }),
    },
  },
  "adagrad with dropout": {
    normalize: named("unit"),
    train: {
      layers: [dense(17, "lecunUniform"), named("elu"), named("dropout", { rate: 0.3 }), output],
      loss: named("softmaxCrossEntropy", { classWeights: [1, 2, 1, 0.5] }),
      optimizer: named("adagrad"),
      learningRate: named("linear", { from: 0.05, to: 0.01 }),
    },
  },
  "adadelta with noise between layers": {
    normalize: named("unit"),
    train: {
      layers: [dense(10, "orthogonal"), named("gaussianNoise", { stddev: 0.1 }), named("gelu"), {
        ...dense(CLASSES, "constant", { value: 0.01 }),
        initialBias: 0.1,
      }],
      loss: crossEntropy,
      optimizer: named("adadelta"),
      learningRate: named("polynomial", { from: 1, to: 0.1, power: 2 }),
    },
  },
  "adam of images augmented in every way": {
    normalize: named("standardize"),
    train: {
      layers: [dense(16, "heNormal"), relu, output],
      loss: crossEntropy,
      optimizer: named("adam"),
      learningRate: named("oneCycle", { peak: 0.01 }),
      augment: [
        named("affine"),
        named("elastic", { sigma: 1.5, strength: 1 }),
        named("noise"),
        named("cutout", { size: 3 }),
        named("mixup"),
      ],
    },
    augmentedCopies: 2,
  },
  "amsgrad with maxout, accumulated and averaged": {
    normalize: named("unit"),
    train: {
      layers: [named("maxout", { units: 7, pieces: 3 }), named("softplus"), output],
      loss: crossEntropy,
      optimizer: named("amsgrad"),
      learningRate: named("inverseSquareRoot", { peak: 0.01, warmUp: 2 }),
      accumulate: 2,
      averaging: named("exponential", { decay: 0.9 }),
      clip: { value: 0.1 },
    },
  },
  "adamw with a residual block, steered by scores": {
    normalize: named("unit"),
    train: {
      layers: [
        { ...dense(12, "heNormal"), regularization: { weightDecay: 0.02, maxNorm: 2 } },
        named("residual", { layers: [named("batchNorm"), relu, dense(12, "heNormal")] }),
        named("sigmoid"),
        output,
      ],
      loss: crossEntropy,
      optimizer: named("adamw"),
      learningRate: named("plateau", { rate: 0.01, metric: "validation.loss", patience: 1 }),
      clip: { norm: 0.5 },
      averaging: named("stochastic", { from: 0.5 }),
      validateEvery: { steps: 2 },
      earlyStopping: { metric: "average.loss", patience: 3 },
    },
  },
  "nadam of moved batches": {
    normalize: named("unit"),
    train: {
      layers: [dense(11, "heNormal"), relu, output],
      loss: crossEntropy,
      optimizer: named("nadam"),
      learningRate: named("warmUp", { steps: 3, then: named("constant", { rate: 0.01 }) }),
      adversarial: { radius: 0.5 },
      best: "validation.accuracy",
    },
  },
  "lion without a hidden layer": {
    normalize: named("unit"),
    train: {
      layers: [output],
      loss: crossEntropy,
      optimizer: named("lion"),
      learningRate: named("constant", { rate: 0.001 }),
      validateEvery: { epochs: 2 },
    },
  },
  "lamb of two hidden layers": {
    normalize: named("unit"),
    train: {
      layers: [dense(33, "heNormal"), relu, dense(34, "heNormal"), relu, output],
      loss: crossEntropy,
      optimizer: named("lamb"),
      learningRate: named("constant", { rate: 0.01 }),
    },
  },
  "muon of two hidden layers": {
    normalize: named("unit"),
    train: {
      layers: [dense(13, "heNormal"), relu, dense(11, "heNormal"), relu, output],
      loss: crossEntropy,
      optimizer: named("muon"),
      learningRate: named("constant", { rate: 0.01 }),
    },
  },
};

/** A small run whose batches are divided into micro-batches, so that several ranks can share it. */
export const SHARDED_RUN: SmallRun = {
  normalize: named("standardize"),
  train: {
    layers: [
      dense(34, "heNormal"),
      named("batchNorm"),
      relu,
      named("dropout", { rate: 0.2 }),
      output,
    ],
    loss: crossEntropy,
    optimizer: named("adam"),
    learningRate: named("constant", { rate: 0.01 }),
    augment: [named("mixup")],
    accumulate: 2,
    shards: 4,
  },
};

/** Options of computing a small run. The bytes do not depend on them. */
export interface SmallRunOptions {
  readonly backend?: Backend;
  readonly workers?: number;
  /** Ranks that train together. */
  readonly ranks?: Ranks;
  /** Whether to stop after the first checkpoint, and resume from its bytes. */
  readonly interrupted?: boolean;
}

/** Bytes that a small run leaves, by what they are. */
export interface SmallRunBytes {
  readonly model: Uint8Array;
  /** Parameters, slots of the optimizer, averages and running statistics after the last step. */
  readonly state: Uint8Array;
  /** Loss, samples that were right, global norm of the gradient and learning rate of each step. */
  readonly steps: Uint8Array;
  /** Probabilities of each validation sample, in single precision. */
  readonly probabilities: Uint8Array;
}

/** Makes a data set of 8 × 8 images: bright strokes, whose place and slant depend on the class. */
function makeDataset(): Dataset {
  const count = 60;
  const values = new Uint8Array(64 * count);
  const labels = Uint16Array.from({ length: count }, (_, row) => row % CLASSES);
  for (const [row, label] of labels.entries()) {
    for (let y = 1; y < 7; y++) {
      const x = 1 + label + Math.trunc(y * below(key(SEED, "slant", row), 0, 4) / 8);
      values[64 * row + 8 * y + x] = 128 + below(key(SEED, "bright", row), y, 128);
    }
  }
  const train: Samples = { count, shape: [8, 8], values, labels };
  return { name: "strokes", classes: ["a", "b", "c", "d"], train, hashes: [] };
}

/** Trains and evaluates a small run, and returns the bytes that it leaves. */
export async function runSmall(
  { prepare: methods, normalize, reduce, train, augmentedCopies: count = 0 }: SmallRun,
  { backend, workers, ranks, interrupted = false }: SmallRunOptions = {},
): Promise<SmallRunBytes> {
  const dataset = makeDataset();
  const cut = split(dataset, { validation: 12, seed: SEED });
  const preparations = stageTable.prepare.options.shape.methods;
  const splits = methods === undefined ? cut : prepare(cut, preparations.parse(methods));
  const normalizer = normalizations.create(normalizations.schema.parse(normalize));
  const scaled = normalizer(splits.train);
  const reduction = reduce === undefined
    ? undefined
    : reductions.create(reductions.schema.parse(reduce))(splits.train, scaled);
  const normalization = reduction === undefined ? scaled : { ...scaled, reduction };
  const options = stageTable.train.options.parse({ ...train, epochs: 2, batchSize: 13 });
  const training = buildTraining(options, { dataset, splits, normalization });
  const fitOptions: FitOptions = { ...training, seed: SEED, backend, workers, ranks };
  const { checkpoint, trained } = await fit(
    interrupted ? { ...fitOptions, ...await stoppedEarly(fitOptions) } : fitOptions,
  );
  const images = training.deformations && withoutMixtures(training.deformations);
  const copies = count === 0 || images === undefined
    ? undefined
    : { deformations: images, seed: SEED, count };
  const validation = splitOf(splits, "validation");
  const { probabilities } = await evaluateSplit(trained, "validation", validation, {
    backend,
    workers,
    copies,
  });
  const { parameters, encoding } = trained;
  const { classes, train: { shape } } = dataset;
  const { steps } = checkpoint.history;
  return {
    model: encodeModel({
      parameters,
      layers: options.layers,
      classes,
      shape,
      normalization,
      encoding,
    }),
    state: joined([...checkpoint.state].toSorted(([a], [b]) => a < b ? -1 : 1).map(([, x]) => x)),
    steps: joined([steps.loss, steps.correct, steps.gradientNorm, steps.learningRate]),
    probabilities: joined([probabilities]),
  };
}

/** Returns the bytes of arrays, one after the other. */
function joined(arrays: readonly Float32Array[]): Uint8Array {
  const all = Float32Array.from(arrays.flatMap((array) => [...array]));
  return new Uint8Array(all.buffer);
}

/** Fits until the first checkpoint, and returns it as read from its bytes, with the best one. */
async function stoppedEarly(options: FitOptions): Promise<Pick<FitOptions, "from" | "fromBest">> {
  const controller = new AbortController();
  let [last, best]: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  await fit({
    ...options,
    signal: controller.signal,
    onBest: (checkpoint) => Promise.resolve(void (best = encodeCheckpoint(checkpoint))),
    onCheckpoint(checkpoint) {
      last = encodeCheckpoint(checkpoint);
      controller.abort();
      return Promise.resolve();
    },
  });
  return {
    ...(last === undefined ? {} : { from: decodeCheckpoint(last) }),
    fromBest: best && decodeCheckpoint(best),
  };
}
