/**
 * The stages: what each does with what earlier ones gave.
 *
 *     load → split → (prepare) → normalize → (reduce) → train → evaluate → report
 *
 * @module
 */
import type { OptionsOf } from "../lib/config/registry.ts";
import type { Dataset, Normalization, Part, Parts } from "../lib/data/dataset.ts";
import { datasets } from "../lib/data/datasets/mod.ts";
import {
  deformations,
  type ImageDeformations,
  imageDeformations,
  withoutMixtures,
} from "../lib/data/deform/mod.ts";
import { normalizations } from "../lib/data/normalize/mod.ts";
import { prepare } from "../lib/data/prepare/prepare.ts";
import { reductions } from "../lib/data/reduce/mod.ts";
import { partOf, split } from "../lib/data/split.ts";
import type { Backend } from "../lib/engine/backend.ts";
import { findMistakes, scoreOfEvaluation } from "../lib/evaluate/mod.ts";
import { loadDataset, type LoadProgress } from "../lib/io/datasets.ts";
import { foldBatchNorm, layers, type Loss, losses, network } from "../lib/nn/mod.ts";
import type { Checkpoint, History } from "../lib/run/checkpoint.ts";
import type { Model } from "../lib/run/model.ts";
import type { DeformedGallery, EpochRecord, Evaluation, Gallery } from "../lib/run/record.ts";
import { sizeOf } from "../lib/tensor/mod.ts";
import { expectBatches, expectScores } from "../lib/train/checks.ts";
import { fit, type FitOptions, type Progress } from "../lib/train/fit.ts";
import { deformedGallery } from "../lib/train/gallery.ts";
import { evaluateParts, type Trained } from "../lib/train/infer.ts";
import { averagings, optimizers, schedules } from "../lib/train/mod.ts";
import { stageTable } from "./stage_table.ts";

/** What stages hand on, by the names that `needs` and `gives` of the table use. */
export interface Artifacts {
  /** The data as it was loaded. */
  readonly dataset: Dataset;
  /** The data cut into parts. */
  readonly parts: Parts;
  /** What is done to each feature. */
  readonly normalization: Normalization;
  /** The trained network. */
  readonly model: TrainedModel;
  /** What it says of the evaluated parts. */
  readonly evaluations: EvaluationResults;
}

/** What training gives: the model, and how it came about. */
export interface TrainedModel {
  /** The network with its parameters; the means of them, if those are kept. */
  readonly model: Model;
  /** The network with the parameters themselves; only if the model has means of them. */
  readonly raw?: Model;
  /** What its training made small. */
  readonly loss: Loss;
  /** What was done to its training images; nothing if not given. */
  readonly deform: NamedDeformations;
  /** What was recorded on the way. */
  readonly history: Pick<History, "epochs" | "steps">;
  /** Number of parameters that were trained. */
  readonly learned: number;
  /** What training made of some images, if it deformed them. */
  readonly deformed?: DeformedGallery | undefined;
}

/** What evaluation gives: what the network says of each sample, and the samples worth showing. */
export interface EvaluationResults {
  /** One for each evaluated part. */
  readonly evaluations: readonly Evaluation[];
  /** One for each evaluated part. */
  readonly galleries: readonly Gallery[];
}

/** What stages are given besides artifacts: the run's seed, and ways to the world outside. */
export interface Context {
  /** Seed of the run. */
  readonly seed: number;
  /** Where data is looked for before it is downloaded. */
  readonly dataDirectory?: string | undefined;
  /** Folder of the cache of downloads. */
  readonly cacheDirectory: string;
  /** When aborted, training ends after the current step. */
  readonly signal: AbortSignal;
  /** Told how far a download is. */
  readonly onLoad: (progress: LoadProgress) => void;
  /** Told when training begins, with a way to watch it. */
  readonly onStart: (watch: () => Progress) => void;
  /** Told of each checkpoint, and awaited. */
  readonly onCheckpoint: (checkpoint: Checkpoint, epoch?: EpochRecord) => Promise<void>;
  /** Told of each checkpoint that is the best so far, if that is asked for, and awaited. */
  readonly onBest?: (checkpoint: Checkpoint) => Promise<void>;
  /** Parameters that training begins with, by name; drawn from the seed if not given. */
  readonly initial?: FitOptions["initial"];
  /** The checkpoint that training goes on from. */
  readonly from?: Checkpoint | undefined;
  /** The best checkpoint until then. */
  readonly fromBest?: Checkpoint | undefined;
  /** How many workers share the work of training and evaluation. */
  readonly workers: number;
  /** Who computes; the engine, exactly, if not given. */
  readonly backend?: Backend | undefined;
}

/** What is there before training: enough to find most mistakes. */
export type Prepared = Pick<Artifacts, "dataset" | "parts" | "normalization">;

type Table = typeof stageTable;
type Options<Name extends keyof Table> = OptionsOf<Table[Name]["options"]>;
type Needed<Name extends keyof Table> = Pick<Artifacts, Table[Name]["needs"][number]>;
type Given<Name extends keyof Table> = Pick<Artifacts, Table[Name]["gives"][number]>;

/** Deformations as a config names them. */
type NamedDeformations = Options<"train">["deform"];

/** What a stage of the table does: a function of its options and of what earlier stages gave. */
export interface Stage<Name extends keyof Table> {
  /**
   * Finds mistakes that only the data shows, before anything long begins and any file is written.
   *
   * @throws {RangeError} if the stage could not run
   */
  check?(options: Options<Name>, prepared: Prepared): void;
  /** Does it. */
  run(
    options: Options<Name>,
    input: Needed<Name>,
    context: Context,
  ): Promise<Given<Name>> | Given<Name>;
}

/** Thrown when training was stopped before its end; what it reached is in the last checkpoint. */
export class StoppedError extends Error {
  /** `StoppedError`. */
  override readonly name: string = "StoppedError";
}

/** Samples of each evaluated part that reports may show, at most. */
const GALLERY = 48;

const load: Stage<"load"> = {
  async run({ dataset }, _input, { dataDirectory, cacheDirectory, onLoad }) {
    const source = datasets.create(dataset);
    const directory = dataDirectory === undefined ? {} : { directory: dataDirectory };
    const loaded = await loadDataset(source, { ...directory, cacheDirectory, onProgress: onLoad });
    return { dataset: loaded };
  },
};

const splitStage: Stage<"split"> = {
  run: (options, { dataset }, { seed }) => ({ parts: split(dataset, { ...options, seed }) }),
};

const prepareStage: Stage<"prepare"> = {
  run: ({ methods }, { parts }) => ({ parts: prepare(parts, methods) }),
};

const normalize: Stage<"normalize"> = {
  run: ({ method }, { parts }) => ({ normalization: normalizations.create(method)(parts.train) }),
};

const reduce: Stage<"reduce"> = {
  run({ method }, { parts, normalization }) {
    const reduction = reductions.create(method)(parts.train, normalization);
    return { normalization: { ...normalization, reduction } };
  },
};

const train: Stage<"train"> = {
  check(options, prepared) {
    const training = trainingOf(options, prepared);
    expectScores(training);
    checkBatch(options.batchSize, prepared.parts.train);
    expectBatches(training);
  },
  async run(options, { dataset, parts, normalization }, { seed, from, ...context }) {
    const { shape, prepared } = parts.train.samples;
    const training = trainingOf(options, { dataset, parts, normalization });
    const { loss, network, deformations: images } = training;
    const { checkpoint, finished, trained, raw } = await fit({
      ...{ seed, ...training, ...context },
      ...(from === undefined ? {} : { from }),
    });
    if (!finished) throw new StoppedError("Training was stopped");
    const columns = dataset.columns === undefined ? {} : { columns: dataset.columns };
    const modelOf = ({ parameters, encoding }: Trained): Model => ({
      ...{ parameters, layers: options.layers, classes: dataset.classes, shape },
      ...(prepared === undefined ? {} : { preparation: prepared.preparation.methods }),
      ...{ normalization, encoding, ...columns },
    });
    const sizes = network.parameters.map(({ shape }) => sizeOf(shape));
    return {
      model: {
        model: modelOf(trained),
        ...(raw === undefined ? {} : { raw: modelOf(raw) }),
        ...{ loss, deform: options.deform, history: checkpoint.history },
        learned: sizes.reduce((sum, size) => sum + size, 0),
        deformed: images && deformedGallery(images, parts.train, seed),
      },
    };
  },
};

const evaluate: Stage<"evaluate"> = {
  check({ on }, { parts }) {
    const missing = on.find((name) => parts[name] === undefined);
    if (missing === undefined) return;
    const names = Object.keys(parts).map((name) => `"${name}"`).join(", ");
    throw new RangeError(
      `Cannot evaluate: expected "on" to name parts that there are, ${names}: received "${missing}"`,
    );
  },
  async run({ on, deformations: count }, { parts, model: trained }, { seed, workers, backend }) {
    const { model, raw, loss, deform } = trained;
    const asked = on.map((name) => ({ name, part: partOf(parts, name) }));
    const images = count === 0 ? undefined : deformationsOf(deform, parts.train);
    const deformations = images && withoutMixtures(images);
    const copies = deformations && { deformations, seed, count };
    const ask = (of: Model) =>
      evaluateParts(trainedOf(of, loss), asked, { workers, backend, copies });
    const scores = raw === undefined ? [] : (await ask(raw)).map(scoreOfEvaluation);
    const evaluations = (await ask(model)).map((evaluation, index): Evaluation => {
      const score = scores[index];
      return score === undefined ? evaluation : { ...evaluation, raw: score };
    });
    const galleries = evaluations.map((evaluation) =>
      galleryOf(evaluation, partOf(parts, evaluation.part), model.classes.length)
    );
    return { evaluations: { evaluations, galleries } };
  },
};

/** Draws nothing itself: the report is drawn of the run's record, like every later report of it. */
const report: Stage<"report"> = {
  run: () => ({}),
};

/** What each stage does, in the order of the data. */
export const stages: { readonly [Name in keyof Table]: Stage<Name> } = {
  ...{ load, split: splitStage, prepare: prepareStage, normalize, reduce },
  ...{ train, evaluate, report },
};

/**
 * What a config's training stage trains, on what and how.
 *
 * @throws {RangeError} if the network's last layer has not one output for each class
 */
export function trainingOf(
  options: Options<"train">,
  { dataset, parts, normalization }: Prepared,
): Omit<FitOptions, "seed"> {
  const inputs = inputsOf(parts.train.samples.shape, normalization);
  return {
    network: buildNetwork(options.layers, inputs, dataset.classes.length),
    loss: losses.create(options.loss),
    optimizer: optimizers.create(options.optimizer),
    schedule: schedules.create(options.learningRate),
    epochs: options.epochs,
    batchSize: options.batchSize,
    deformations: deformationsOf(options.deform, parts.train),
    regularization: options.regularization,
    clip: options.clip,
    accumulate: options.accumulate,
    averaging: options.averaging && averagings.create(options.averaging),
    validateEvery: options.validateEvery,
    earlyStopping: options.earlyStopping,
    best: options.best,
    ...{ normalization, ...parts },
  };
}

/** How many numbers the network sees of a sample. */
function inputsOf(shape: readonly number[], { reduction }: Normalization): number {
  return reduction === undefined ? sizeOf(shape) : reduction.scale.length;
}

/**
 * What a config's training stage does to images; undefined if nothing.
 *
 * @throws {RangeError} if it cannot be done to the samples
 */
function deformationsOf(
  deform: NamedDeformations,
  { samples }: Part,
): ImageDeformations | undefined {
  return imageDeformations((deform ?? []).map((named) => deformations.create(named)), samples);
}

/**
 * The network of some layers as a config names them.
 *
 * @throws {RangeError} if its last layer has not one output for each class
 */
function buildNetwork(
  named: Options<"train">["layers"],
  inputs: number,
  classes: number,
): ReturnType<typeof network> {
  const built = network(named.map((layer) => layers.create(layer)), inputs);
  if (built.outputs === classes) return built;
  throw new RangeError(
    `Cannot train: expected a last layer of ${classes} outputs, one for each class: ` +
      `received ${built.outputs}`,
  );
}

/**
 * A model as it is asked: with its network built from its layers, batch normalizations folded into the
 * dense layers before them. The model itself keeps them, so that training can go on from it.
 */
export function trainedOf(model: Model, loss: Loss): Trained {
  const { layers: named, values: parameters } = foldBatchNorm({
    layers: model.layers as Options<"train">["layers"],
    values: model.parameters,
  });
  const { shape, classes, preparation, normalization, encoding } = model;
  const built = buildNetwork(named, inputsOf(shape, normalization), classes.length);
  return {
    ...{ network: built, loss, parameters, normalization, encoding },
    ...(preparation === undefined ? {} : { preparation: { shape, methods: preparation } }),
  };
}

function checkBatch(batchSize: number, { rows }: Part): void {
  if (batchSize <= rows.length) return;
  throw new RangeError(
    `Cannot train: expected a batch of at most the ${rows.length} training samples: ` +
      `received batchSize ${batchSize}`,
  );
}

/** Pixels, as loaded, of the mistakes that the network is most sure of. */
export function galleryOf(evaluation: Evaluation, part: Part, classes: number): Gallery {
  const samples = part.samples.prepared?.raw ?? part.samples;
  const mistakes = findMistakes(evaluation, classes).slice(0, GALLERY);
  const rows = Uint32Array.from(mistakes, ({ row }) => row);
  const features = sizeOf(samples.shape);
  const values = samples.values instanceof Float32Array
    ? new Float32Array(rows.length * features)
    : new Uint8Array(rows.length * features);
  rows.forEach((row, index) => {
    values.set(samples.values.subarray(row * features, (row + 1) * features), index * features);
  });
  return { part: evaluation.part, rows, shape: samples.shape, values };
}
