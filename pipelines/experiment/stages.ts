/**
 * The functions of the stages, which turn the artifacts of earlier stages into new ones.
 *
 *     load → split → (prepare) → normalize → (reduce) → train → evaluate → report
 *
 * @module
 */
import type { Split } from "../../lib/data/dataset.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { withoutMixtures } from "../../lib/data/augment/mod.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";
import { prepare } from "../../lib/data/prepare/prepare.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { split, splitOf } from "../../lib/data/split/split.ts";
import type { Backend } from "../../lib/engine/backend.ts";
import { scoreOfEvaluation } from "../../lib/evaluate/mod.ts";
import { loadDataset, type LoadProgress, type PictureProgress } from "../../lib/io/datasets.ts";
import type { Checkpoint } from "../../lib/run/checkpoint.ts";
import type { DataFile } from "../../lib/run/manifest.ts";
import type { EpochRecord } from "../../lib/run/record.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import type { StageTime } from "../../lib/run/timing.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import { expectBatchSizesAccepted, expectMetricsComputed } from "../../lib/train/checks.ts";
import { fitWithSession } from "../../lib/train/fit.ts";
import type { FitOptions, RunningFit } from "../../lib/train/options.ts";
import { augmentedGallery, mistakesGallery } from "../../lib/observe/gallery.ts";
import { evaluateAndObserve, evaluateSplits } from "../../lib/train/inference/evaluate.ts";
import { modelToTrained, trainedToModel } from "../../lib/train/inference/model.ts";
import type { Observer } from "../../lib/train/observation/observer.ts";
import { openSession, type Session, type Training } from "../../lib/train/session.ts";
import type { Ranks } from "../../lib/train/ranks/ranks.ts";
import type { Artifacts, Prepared } from "./artifacts.ts";
import { buildAugmentations, buildTraining } from "./building.ts";
import type { OptionsOfStage, StageConfig, stageTable } from "./stage_table.ts";
import { defined } from "../../lib/config/defined.ts";

/** Inputs of stages besides options and artifacts: seed, folders, callbacks and backend of the run. */
export interface StageContext {
  /** Seed of the config. */
  readonly seed: number;
  /** Folder with the user's copies of data files, used instead of downloads. */
  readonly dataDirectory?: string | undefined;
  /** Folder of downloaded data sets. */
  readonly cacheDirectory: string;
  /** Folder of the config, in which data files are found by the SHA-256 that the config states. */
  readonly configFolder?: string | undefined;
  /**
   * Data files of a finished run. Files are also found at their former paths, and rejected if their SHA-256
   * is another.
   */
  readonly known?: readonly DataFile[] | undefined;
  /** Signal that stops the training after the current step. */
  readonly signal?: AbortSignal;
  /** Called with the progress of downloads. */
  readonly onLoad?: (progress: LoadProgress) => void;
  /** Called with the progress of decoding pictures. */
  readonly onPicture?: (progress: PictureProgress) => void;
  /**
   * Called when training starts, with an object whose functions return the progress and request checkpoints.
   */
  readonly onStart?: (running: RunningFit) => void;
  /** Called with each checkpoint and, at the end of an epoch, the epoch's record. It is awaited. */
  readonly onCheckpoint?: (checkpoint: Checkpoint, epoch?: EpochRecord) => Promise<void>;
  /** Opens the session of training. Defaults to one that is not timed. */
  readonly open?: (training: Training) => Promise<Session>;
  /** Called with each checkpoint that is the best so far, and awaited. */
  readonly onBest?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
  /** Initial parameters by name. Defaults to initialization from the seed. */
  readonly initial?: FitOptions["initial"];
  /** Checkpoint that training resumes from. */
  readonly from?: Checkpoint | undefined;
  /** Best checkpoint before `from`, if one was kept. */
  readonly fromBest?: Checkpoint | undefined;
  /** Observers that record values for the report. Defaults to none. */
  readonly observers?: readonly Observer[];
  /** Number of workers. */
  readonly workers: number;
  /** Backend that executes the steps. Defaults to the exact backend. */
  readonly backend?: Backend | undefined;
  /** The ranks that train together. Defaults to this process alone. */
  readonly ranks?: Ranks | undefined;
}

/** The declarations of the stages. */
type StageDeclarations = typeof stageTable;
/** The artifacts that a stage reads. */
type NeededArtifacts<Name extends keyof StageDeclarations> = Pick<
  Artifacts,
  StageDeclarations[Name]["needs"][number]
>;
/** The artifacts that a stage returns. */
type GivenArtifacts<Name extends keyof StageDeclarations> = Pick<
  Artifacts,
  StageDeclarations[Name]["gives"][number]
>;

/** The function of a stage, from its options and the artifacts of earlier stages to new artifacts. */
interface Stage<Name extends keyof StageDeclarations> {
  /**
   * Checks the options against the data, before training and before any file is written.
   *
   * @throws {RangeError} if the stage cannot run
   */
  check?(options: OptionsOfStage<Name>, prepared: Prepared): void;
  /** Runs the stage, and returns the artifacts that it gives. */
  run(
    options: OptionsOfStage<Name>,
    input: NeededArtifacts<Name>,
    context: StageContext,
  ): Promise<GivenArtifacts<Name>> | GivenArtifacts<Name>;
}

/** Thrown when training is stopped before its end; progress is in the last checkpoint. */
export class StoppedError extends Error {
  override readonly name: string = "StoppedError";
}

const load: Stage<"load"> = {
  async run({ dataset }, _input, context) {
    const { dataDirectory: directory, cacheDirectory, configFolder, known } = context;
    const source = datasets.create(dataset);
    const loaded = await loadDataset(source, {
      directory,
      cacheDirectory,
      configFolder,
      known,
      onProgress: context.onLoad,
      onPicture: context.onPicture,
    });
    return { dataset: loaded };
  },
};

const splitStage: Stage<"split"> = {
  run: (options, { dataset }, { seed }) => ({ splits: split(dataset, { ...options, seed }) }),
};

const prepareStage: Stage<"prepare"> = {
  run: ({ methods }, { splits }) => ({ splits: prepare(splits, methods) }),
};

const normalize: Stage<"normalize"> = {
  run: ({ method }, { splits }) => ({ normalization: normalizations.create(method)(splits.train) }),
};

const reduce: Stage<"reduce"> = {
  run({ method }, { splits, normalization }) {
    const reduction = reductions.create(method)(splits.train, normalization);
    return { normalization: { ...normalization, reduction } };
  },
};

const train: Stage<"train"> = {
  check(options, prepared) {
    const training = buildTraining(options, prepared);
    expectMetricsComputed(training);
    checkBatchSize(options.batchSize, prepared.splits.train);
    expectBatchSizesAccepted(training);
  },
  async run(options, { dataset, splits, normalization }, context) {
    const { seed, from, open = openSession, ...watchers } = context;
    const training = buildTraining(options, { dataset, splits, normalization });
    const { loss, network, deformations: images } = training;
    const { history, finished, trained, raw, observations } = await fitWithSession({
      seed,
      ...training,
      ...watchers,
      ...defined({ from }),
    }, open);
    if (!finished) throw new StoppedError("Training was stopped");
    const sizes = network.parameters.map(({ shape }) => sizeOf(shape));
    return {
      model: {
        model: trainedToModel(trained, dataset),
        ...defined({ raw: raw && trainedToModel(raw, dataset) }),
        observations,
        loss,
        augment: options.augment,
        history,
        learned: sizes.reduce((sum, size) => sum + size, 0),
        augmented: images && augmentedGallery(images, splits.train, seed),
      },
    };
  },
};

const evaluate: Stage<"evaluate"> = {
  check({ on }, { splits }) {
    const missing = on.find((name) => splits[name] === undefined);
    if (missing === undefined) return;
    const names = Object.keys(splits).map((name) => `"${name}"`).join(", ");
    throw new RangeError(
      `Cannot evaluate: expected "on" to name existing splits, ${names}: received "${missing}"`,
    );
  },
  async run({ on, augmentedCopies: count }, { splits, model: trained }, context) {
    const { seed, workers, backend, observers = [] } = context;
    const { model, raw, loss, augment } = trained;
    const named = on.map((name) => ({ name, split: splitOf(splits, name) }));
    const images = count === 0 ? undefined : buildAugmentations(augment, splits.train);
    const deformations = images && withoutMixtures(images);
    const copies = deformations && { deformations, seed, count };
    const options = { workers, backend, copies };
    const scores = raw === undefined
      ? []
      : (await evaluateSplits(modelToTrained(raw, loss), named, options)).map(scoreOfEvaluation);
    const { evaluations: found, observations } = await evaluateAndObserve(
      modelToTrained(model, loss),
      named,
      options,
      observers,
      trained.observations,
    );
    const evaluations = found.map((evaluation, index): Evaluation => {
      const score = scores[index];
      return score === undefined ? evaluation : { ...evaluation, raw: score };
    });
    const galleries = evaluations.map((evaluation) =>
      mistakesGallery(evaluation, splitOf(splits, evaluation.split), model.classes.length)
    );
    return { evaluations: { evaluations, galleries, observations } };
  },
};

/** The stage "report" has no work here: the report is drawn from the record of the run after all stages. */
const report: Stage<"report"> = { run: () => ({}) };

/** The functions of all stages, by name. */
export const stages: { readonly [Name in keyof StageDeclarations]: Stage<Name> } = {
  load,
  split: splitStage,
  prepare: prepareStage,
  normalize,
  reduce,
  train,
  evaluate,
  report,
};

/** Throws a RangeError if a batch has more samples than the training split. */
function checkBatchSize(batchSize: number, { rows }: Split): void {
  if (batchSize <= rows.length) return;
  throw new RangeError(
    `Cannot train: expected a batch of at most the ${rows.length} training samples: ` +
      `received batchSize ${batchSize}`,
  );
}

/**
 * Runs stages in order. Returns the initial artifacts together with those of the stages; a stage's artifact
 * replaces an earlier one of the same name.
 *
 * @param configs names and options of the stages
 * @param times list to which the time of each stage is appended
 */
export async function runStages(
  configs: readonly StageConfig[],
  initial: Partial<Artifacts>,
  context: StageContext,
  times: StageTime[],
): Promise<Partial<Artifacts>> {
  let artifacts = initial;
  for (const { stage, ...options } of configs) {
    const begun = performance.now();
    const { run } = findStage(stage);
    // its needs were checked with the order of the stages
    artifacts = { ...artifacts, ...await run(options, artifacts as Artifacts, context) };
    times.push({ stage, milliseconds: Math.round(performance.now() - begun) });
  }
  return artifacts;
}

/**
 * Checks the options of stages that have not run yet against the prepared data.
 *
 * @throws {RangeError} if one of them cannot run
 */
export function checkStages(configs: readonly StageConfig[], prepared: Prepared): void {
  for (const { stage, ...options } of configs) findStage(stage).check?.(options, prepared);
}

/**
 * A stage whose options and artifacts have no static types. Before it is run, the schema has checked the
 * options, and the order of stages the artifacts.
 */
interface UncheckedStage {
  check?(options: unknown, prepared: Prepared): void;
  run(
    options: unknown,
    input: Artifacts,
    context: StageContext,
  ): Promise<Partial<Artifacts>> | Partial<Artifacts>;
}

/** Returns a stage by its name, without the types of its options and artifacts. */
function findStage(name: StageConfig["stage"]): UncheckedStage {
  return stages[name] as UncheckedStage;
}
