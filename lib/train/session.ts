/**
 * A training session: a machine that holds the data and the programs of training and validation. It runs
 * steps and returns their results; `fit` decides which step comes next.
 *
 * @module
 */
import type { Normalization, Split } from "../data/dataset.ts";
import type { ImageDeformations } from "../data/augment/mod.ts";
import { labelsOf } from "../data/split/samples.ts";
import type { Backend, Machine, Plan } from "../engine/backend.ts";
import { exact } from "../engine/wasm/exact.ts";
import type { Loss, Network } from "../nn/mod.ts";
import type { Position } from "../run/checkpoint.ts";
import type { Score } from "../evaluate/evaluation.ts";
import type { StepSeries } from "../run/steps.ts";
import { type Encoding, key, permutation, sizeOf } from "../tensor/mod.ts";
import { normalizationInputs } from "./step/batch.ts";
import {
  PER_STEP,
  type StepSettings,
  writeNumberInputs,
  writeSampleInputs,
} from "./step/inputs.ts";
import { divideIntoUpdates, type Updates } from "./step/accumulate.ts";
import type { Averaging } from "../optim/averaging/mod.ts";
import type { Adversarial } from "./step/adversarial.ts";
import type { Clip } from "../optim/clip.ts";
import { type UpdateGroup, updateGroups, type UpdateRule } from "../optim/parameter_groups.ts";
import { epochRunner } from "./epoch_runner.ts";
import {
  batchPass,
  evaluateInBatches,
  EVALUATION_BATCH,
  meanLossAndAccuracy,
  type Pass,
} from "./passes.ts";
import { type Batches, divideIntoBatches } from "./batches.ts";
import type { Observer, OutputOf } from "./observation/observer.ts";
import { compileObservation, runObservation } from "./observation/programs.ts";
import {
  compileStepPrograms,
  compileTrainingPrograms,
  runPrecomputation,
  type StepPrograms,
  storeSplitFeatures,
} from "./programs.ts";
import { rankEpochRunner } from "./ranks/epoch_runner.ts";
import { compileRankPrograms, type RankPrograms } from "./ranks/programs.ts";
import type { Ranks } from "./ranks/ranks.ts";
import { readState, type StateValues, writeState } from "./state.ts";

/** Definition of a training: network, loss, data, update rules and seed. */
export interface Training extends UpdateRule {
  /** The network. */
  readonly network: Network;
  /** Loss, which training minimizes. */
  readonly loss: Loss;
  /** Adversarial training. Defaults to none. */
  readonly adversarial?: Adversarial | undefined;
  /** Clipping of the gradient. Defaults to none. */
  readonly clip?: Clip | undefined;
  /** Number of batches whose gradients are accumulated for one update. Defaults to 1. */
  readonly accumulate?: number | undefined;
  /**
   * Number of micro-batches into which each batch is divided. A fixed tree adds their gradients to the
   * gradient of the batch. Defaults to 1.
   */
  readonly shards?: number | undefined;
  /**
   * Running average of the parameters: a function that returns the weight of the new parameters in it after
   * each update. Defaults to no average.
   */
  readonly averaging?: Averaging | undefined;
  /**
   * Seed of the run. It determines the initial parameters, the order of samples, and layers with random
   * numbers.
   */
  readonly seed: number;
  /**
   * Number of samples in a batch; each step processes one batch. The samples that remain at the end of an
   * epoch are a smaller batch. A training split with fewer samples is one batch.
   */
  readonly batchSize: number;
  /** Normalization of each feature before the network, and reduction if any. */
  readonly normalization: Normalization;
  /** Augmentation of raw images, random at each step. Defaults to none. */
  readonly deformations?: ImageDeformations | undefined;
  /** Training split. */
  readonly train: Split;
  /** Validation split, of the same data set as the training split. Defaults to none. */
  readonly validation?: Split;
  /** Observers of the network during training. Defaults to none. */
  readonly observers?: readonly Observer[] | undefined;
  /** Number of workers that compute each step. The results do not depend on it. Defaults to 1. */
  readonly workers?: number | undefined;
  /** Backend that executes programs. Defaults to the exact one. */
  readonly backend?: Backend | undefined;
  /**
   * Processes that compute each step together, one of which is this one. All of them train with the same
   * options, and the results do not depend on their number. Defaults to this process alone.
   */
  readonly ranks?: Ranks | undefined;
}

/** Scores on the validation split. */
export interface ValidationScores {
  /** Score with the current parameters. */
  readonly validation: Score;
  /** Score with the averaged parameters; undefined without averaging. */
  readonly average?: Score;
}

/**
 * Results of consecutive training steps: mean loss of the batch, number of right predictions and norm of the
 * gradient. Each array has one element for each step.
 */
export type StepResults = Omit<StepSeries, "learningRate">;

/** Outputs of an observer's expression, and the number of samples on which they were computed. */
interface ObserverOutputs {
  /** Number of samples; 0 if the observer has no expression. */
  readonly samples: number;
  /** Returns the output of a name; an empty array if the observer has no expression. */
  readonly output: OutputOf;
}

/** A training session, which owns a machine. Steps are counted from 0 in their epoch. */
export interface Session extends AsyncDisposable {
  /** Encoding of the rows that the first layer reads; model files record it. */
  readonly encoding: Encoding;
  /** Division of the training samples into the batches of an epoch. */
  readonly batches: Batches;
  /** Division of an epoch's steps into updates. */
  readonly updates: Updates;
  /** Parameter groups, each with its update rule. */
  readonly groups: readonly UpdateGroup[];
  /** Sets the state tensors to their initial values, which the seed determines. */
  initialize(): Promise<void>;
  /** Returns a copy of the state tensors, by name. */
  state(): StateValues;
  /** Replaces the state tensors. */
  restore(state: StateValues): void;
  /**
   * Prepares an epoch, counted from 0: shuffles the training samples, and writes the row numbers, labels,
   * step numbers and settings that its steps read.
   */
  prepare(epoch: number, settings: StepSettings): void;
  /**
   * Runs the steps of the prepared epoch from `from` up to, but not including, `to`, which defaults to the
   * end of the epoch. Returns `to`, or the first step not run after {@linkcode Session.stop} or
   * {@linkcode Session.pause}.
   */
  run(from: number, to?: number): Promise<number>;
  /** Returns the results of the prepared epoch's steps from `from` up to, but not including, `to`. */
  results(from: number, to: number): StepResults;
  /**
   * Returns the label of the first operation in a step whose result was not finite; undefined if all results
   * were finite. Call it directly after the step, in a session that was opened with `check`.
   */
  faultyOperation(step: number): string | undefined;
  /**
   * Evaluates the whole validation split, also after {@linkcode Session.stop}.
   *
   * @throws {TypeError} if the training has no validation split
   */
  validate(): Promise<ValidationScores>;
  /**
   * Computes an observer's expression on the samples that it chose when the session was opened. Returns
   * undefined if it chose none.
   */
  observe(observer: Observer): Promise<ObserverOutputs | undefined>;
  /**
   * Returns the prepared epoch, counted from 0, and the number of steps taken since the start of training.
   * May be called while steps run.
   */
  position(): Position;
  /** Ends training after its current step. Later calls of `run` run no step. */
  stop(): void;
  /** Ends the current call of `run` after its current step. Later calls of `run` take further steps. */
  pause(): void;
  /** Returns whether {@linkcode Session.stop} has ended training, on this rank or another. */
  isStopped(): boolean;
}

/**
 * Opens a session: compiles its programs and starts its workers.
 *
 * @param check whether training steps check that the result of every operation is finite. A session that
 *   checks has no observers and computes alone, without other ranks
 * @throws {TypeError} if training and validation splits are of different data sets
 */
export async function openSession(training: Training, check = false): Promise<Session> {
  const { network, loss, normalization, train, validation, accumulate = 1, seed } = training;
  const { observers = [], backend = exact } = training;
  expectSameDataset(train, validation);
  const features = sizeOf(train.samples.shape);
  const { source, encoding, ...stored } = storeSplitFeatures(train, normalization);
  const batches = divideIntoBatches(
    train.rows.length,
    Math.min(training.batchSize, train.rows.length),
  );
  const evaluated = divideIntoBatches(validation?.rows.length ?? 0, EVALUATION_BATCH);
  const sizes = { train: batches, validation: evaluated };
  const updates = divideIntoUpdates(batches, accumulate);
  const groups = updateGroups(network, training);
  const averages = training.averaging !== undefined;
  const ranks = check ? undefined : training.ranks; // each rank can find a fault by itself
  const { training: compiledSteps, state, ...compiled } = compileTrainingPrograms(
    { ...training, source, groups, averages, accumulates: accumulate > 1 },
    sizes,
    { check, ...backend.compileOptions },
    (options, train, compileOptions): StepPrograms | RankPrograms =>
      ranks === undefined
        ? compileStepPrograms(options, train, compileOptions)
        : compileRankPrograms(options, train, compileOptions, ranks),
  );
  const { steps, layouts } = compiledSteps;
  const observed = new Map<string, Split>();
  let { programs, aliases } = compiled;
  let sources: Plan["sources"] = stored.sources;
  for (const { name, training } of check ? [] : observers) {
    if (training?.pass === undefined) continue;
    const { samples, outputs } = training.pass;
    const split = samples(train, seed);
    if (split === undefined) continue;
    observed.set(name, split);
    const added = compileObservation(
      { observer: { name }, split, outputs },
      { network, loss, groups, normalization, source, samples: train.samples },
      { ...backend.compileOptions, layouts },
    );
    programs = { ...programs, ...added.programs };
    aliases = { ...aliases, ...added.aliases };
    sources = { ...sources, ...added.sources };
  }
  const machine = await backend.open({
    programs,
    aliases,
    sources,
    perStep: PER_STEP,
    steps: Math.max(batches.steps, evaluated.steps),
    // with many classes, an entry for each training step would take gigabytes
    entries: { "out:probabilities": evaluated.steps },
    workers: training.workers,
  });
  const loaded = { machine, programs };
  await runPrecomputation(machine, programs);
  const constants = normalizationInputs(normalization, features);
  writeState(machine, [...constants.keys()], constants);
  const pass = batchPass("step", batches);
  const steppingPass: Pass = {
    steps: batches.steps,
    programOf: (step) => updates.isUpdate(step) ? pass.programOf(step) : "accumulate",
  };
  const runner = ranks === undefined || !areRankPrograms(compiledSteps)
    ? epochRunner(machine, steppingPass)
    : rankEpochRunner(machine, steppingPass, compiledSteps, { batches, ranks });
  const evaluate = async (name: string, split: Split) =>
    meanLossAndAccuracy(
      await evaluateInBatches(loaded, name, split, network.outputs),
      labelsOf(split),
    );
  const shuffledRowsOf = rowShuffler(training);
  return {
    encoding,
    batches,
    updates,
    groups,
    initialize() {
      const running = runInitialization(machine, state);
      shuffledRowsOf(0); // shuffled while the workers compute
      return running;
    },
    state: () => readState(machine, state),
    restore: (values) => writeState(machine, state, values),
    prepare(epoch, settings) {
      const rows = shuffledRowsOf(epoch);
      const { labels } = train.samples;
      writeSampleInputs(machine, steps, { rows, labels, batches });
      writeNumberInputs(machine, steps, { batches, updates, epoch, ...settings });
      runner.begin(epoch);
    },
    run(from, to) {
      const running = runner.run(from, to);
      shuffledRowsOf(runner.position().epoch + 1); // shuffled while the workers compute
      return running;
    },
    results: (from, to) => readStepResults(machine, from, to),
    faultyOperation(step) {
      const { labels = [] } = steps[runner.programOf(step)] ?? {};
      return labels[machine.integers("out:firstBad")[0] - 1];
    },
    async validate() {
      if (validation === undefined) {
        throw new TypeError("Cannot validate: expected a validation split: received none");
      }
      machine.resume(); // a stop ends training only
      const score = await evaluate("validate", validation);
      if (!averages) return { validation: score };
      return { validation: score, average: await evaluate("validateAverage", validation) };
    },
    async observe({ name, training }) {
      if (training?.pass === undefined) return { samples: 0, output: () => new Float32Array() };
      const split = observed.get(name);
      if (split === undefined) return undefined;
      machine.resume(); // a stop ends training only
      const output = await runObservation(loaded, { name }, split);
      return { samples: split.rows.length, output };
    },
    position: () => runner.position(),
    stop: () => runner.stop(),
    pause: () => runner.pause(),
    isStopped: () => runner.isStopped(),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

function areRankPrograms(programs: StepPrograms | RankPrograms): programs is RankPrograms {
  return "whole" in programs;
}

/**
 * Checks that training and validation splits are of one data set, because a session stores the features of
 * only one.
 *
 * @throws {TypeError} if the splits are of different data sets
 */
function expectSameDataset(train: Split, validation: Split | undefined): void {
  if (validation === undefined || validation.samples === train.samples) return;
  throw new TypeError(
    "Cannot train: expected training and validation splits of one data set: " +
      "received splits of two",
  );
}

/** Computes the initial values of the state tensors, and stores them in the layouts that training reads. */
async function runInitialization(machine: Machine, stateNames: readonly string[]): Promise<void> {
  await machine.run({ program: "initialize", from: 0, to: 1 });
  // "initialize" writes matrices row-major; training reads some of them in panels
  const rowMajor = (name: string) => new Float32Array(machine.floats(`in:${name}`));
  writeState(machine, stateNames, new Map(stateNames.map((name) => [name, rowMajor(name)])));
}

/**
 * Returns a function that shuffles the row numbers of the training split for an epoch, counted from 0. Seed
 * and epoch determine their order. The function keeps its latest result, and returns it again for the same
 * epoch.
 */
function rowShuffler({ train: { rows }, seed }: Training): (epoch: number) => Uint32Array {
  let latest: { readonly epoch: number; readonly shuffled: Uint32Array } | undefined;
  return (epoch) => {
    if (latest?.epoch !== epoch) {
      const shuffled = permutation(key(seed, "shuffle", epoch), rows.length);
      for (let i = 0; i < shuffled.length; i++) shuffled[i] = rows[shuffled[i]];
      latest = { epoch, shuffled };
    }
    return latest.shuffled;
  };
}

/** Copies the results of steps `from` up to, but not including, `to` out of a machine. */
function readStepResults(machine: Machine, from: number, to: number): StepResults {
  const read = (space: string) => {
    const [values, stride] = [machine.floats(space), machine.stride(space)];
    return Float32Array.from({ length: to - from }, (_, i) => values[(from + i) * stride]);
  };
  return {
    loss: read("out:loss"),
    correct: read("out:correct"),
    gradientNorm: read("out:gradientNorm"),
  };
}
