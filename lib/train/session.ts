/**
 * A training session: a machine loaded with the programs of training and validation, and their data. It
 * runs steps and returns their results; `fit` decides which step comes next.
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
import { fillNumbers, fillSamples, PER_STEP, type StepSettings } from "./step/inputs.ts";
import { type Updates, updatesOf } from "./step/accumulate.ts";
import type { Averaging } from "../optim/averaging/mod.ts";
import type { Adversarial } from "./step/adversarial.ts";
import type { Clip } from "../optim/clip.ts";
import { type UpdateGroup, updateGroups, type UpdateRule } from "../optim/parameter_groups.ts";
import { epochRunner } from "./epoch_runner.ts";
import { evaluatePass, EVALUATION_BATCH, type Pass, passOf, scoreOf } from "./passes.ts";
import { type Batches, batchesOf } from "./batches.ts";
import type { Observer, OutputOf } from "./observation/observer.ts";
import { observationProgram, runObservation } from "./observation/programs.ts";
import {
  precompute,
  sourceOf,
  type StepPrograms,
  stepPrograms,
  trainingPrograms,
} from "./programs.ts";
import { rankRunner } from "./ranks/epoch_runner.ts";
import { type RankPrograms, rankPrograms } from "./ranks/programs.ts";
import type { Ranks } from "./ranks/ranks.ts";
import { readState, type StateValues, writeState } from "./state.ts";

/** A training: network, loss, data, update rules and seed. */
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
  /** Number of micro-batches whose gradients a fixed tree adds to that of a batch. Defaults to 1. */
  readonly shards?: number | undefined;
  /** Weight of each step's parameters in their running average. Defaults to no average. */
  readonly averaging?: Averaging | undefined;
  /** Seed of the run: of initial parameters, the order of samples, and layers with random numbers. */
  readonly seed: number;
  /** Samples in a step; all of them if there are fewer. */
  readonly batchSize: number;
  /** Normalization of each feature, and reduction if any, before the network. */
  readonly normalization: Normalization;
  /** Augmentation of raw images, random at each step. Defaults to none. */
  readonly deformations?: ImageDeformations | undefined;
  /** Training split. */
  readonly train: Split;
  /** Validation split, of the same data set. */
  readonly validation?: Split;
  /** Observers of the network during training. Defaults to none. */
  readonly observers?: readonly Observer[] | undefined;
  /** Number of workers that compute each step. The results do not depend on it. Defaults to 1. */
  readonly workers?: number | undefined;
  /** Backend that executes programs. Defaults to the exact one. */
  readonly backend?: Backend | undefined;
  /**
   * Processes that compute each step together, one of which is this one. All train with the same options,
   * and the results do not depend on their number. Defaults to this process alone.
   */
  readonly ranks?: Ranks | undefined;
}

/** Scores of the validation split. */
export interface Validated {
  /** With the current parameters. */
  readonly validation: Score;
  /** With the averaged parameters, if averages are kept. */
  readonly average?: Score;
}

/** Results of consecutive steps, one element for each. */
export type StepResults = Omit<StepSeries, "learningRate">;

interface Observed {
  /** Number of samples; 0 if the observer has no expression. */
  readonly samples: number;
  readonly output: OutputOf;
}

/** A training session, which owns a machine. Steps are counted from 0 in their epoch. */
export interface Session extends AsyncDisposable {
  /** Encoding of the rows that the first layer reads; saved with the model. */
  readonly encoding: Encoding;
  readonly batches: Batches;
  readonly updates: Updates;
  readonly groups: readonly UpdateGroup[];
  /** Computes the initial state from the seed. */
  initialize(): Promise<void>;
  /** Returns a copy of the state. */
  state(): StateValues;
  /** Sets the state. */
  restore(state: StateValues): void;
  /** Writes the inputs of an epoch's steps: their rows, labels, numbers and settings. */
  prepare(epoch: number, settings: StepSettings): void;
  /**
   * Runs steps of the prepared epoch, by default to its end. Returns `to`, or the first step not run after
   * {@linkcode Session.stop} or {@linkcode Session.pause}.
   */
  run(from: number, to?: number): Promise<number>;
  /** Returns the results of steps of the prepared epoch. */
  results(from: number, to: number): StepResults;
  /**
   * Returns the first operation of a step whose result was not finite, or undefined. Needs a session with
   * `check`, and is valid until the next step.
   */
  fault(step: number): string | undefined;
  /** Evaluates the validation split to its end, also after a stop. */
  validate(): Promise<Validated>;
  /** Computes an observer's expression; returns undefined if the observer has chosen no samples. */
  observe(observer: Observer): Promise<Observed | undefined>;
  /** Returns the prepared epoch and the number of steps taken since the start, also during `run`. */
  position(): Position;
  /** Ends training after its current step: further calls of `run` run nothing. */
  stop(): void;
  /** Ends the running call of `run` after its current step; training can continue. */
  pause(): void;
  /** Returns whether training has ended by {@linkcode Session.stop}, on any rank. */
  isStopped(): boolean;
}

/** Opens a session. With `check`, steps check the result of every operation, see `findFault`. */
export async function openSession(training: Training, check = false): Promise<Session> {
  const { network, loss, normalization, train, validation, accumulate = 1, seed } = training;
  const { observers = [], backend = exact } = training;
  expectSameSamples(train, validation);
  const features = sizeOf(train.samples.shape);
  const { source, encoding, ...stored } = sourceOf(train, normalization);
  const batches = batchesOf(train.rows.length, Math.min(training.batchSize, train.rows.length));
  const evaluated = batchesOf(validation?.rows.length ?? 0, EVALUATION_BATCH);
  const sizes = { train: batches, validation: evaluated };
  const updates = updatesOf(batches, accumulate);
  const groups = updateGroups(network, training);
  const averages = training.averaging !== undefined;
  const ranks = check ? undefined : training.ranks; // each rank can find a fault by itself
  const { training: compiledSteps, state, ...compiled } = trainingPrograms(
    { ...training, source, groups, averages, accumulates: accumulate > 1 },
    sizes,
    { check, ...backend.compileOptions },
    (options, train, compileOptions): StepPrograms | RankPrograms =>
      ranks === undefined
        ? stepPrograms(options, train, compileOptions)
        : rankPrograms(options, train, compileOptions, ranks),
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
    const added = observationProgram(
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
  await precompute(machine, programs);
  const constants = normalizationInputs(normalization, features);
  writeState(machine, [...constants.keys()], constants);
  const pass = passOf("step", batches);
  const steppingPass: Pass = {
    steps: batches.steps,
    programOf: (step) => updates.isUpdate(step) ? pass.programOf(step) : "accumulate",
  };
  const runner = ranks === undefined || !isForRank(compiledSteps)
    ? epochRunner(machine, steppingPass)
    : rankRunner(machine, steppingPass, compiledSteps, { batches, ranks });
  const evaluate = async (name: string, split: Split) =>
    scoreOf(await evaluatePass(loaded, name, split, network.outputs), labelsOf(split));
  const orders = epochOrders(training);
  return {
    encoding,
    batches,
    updates,
    groups,
    initialize() {
      const running = initialize(machine, state);
      orders.of(0); // shuffled while the workers compute
      return running;
    },
    state: () => readState(machine, state),
    restore: (values) => writeState(machine, state, values),
    prepare(epoch, settings) {
      const order = orders.of(epoch);
      const { labels } = train.samples;
      fillSamples(machine, steps, { rows: order, labels, batches });
      fillNumbers(machine, steps, { batches, updates, epoch, ...settings });
      runner.begin(epoch);
    },
    run(from, to) {
      const running = runner.run(from, to);
      orders.of(runner.position().epoch + 1); // shuffled while the workers compute
      return running;
    },
    results: (from, to) => results(machine, from, to),
    fault(step) {
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

function isForRank(programs: StepPrograms | RankPrograms): programs is RankPrograms {
  return "whole" in programs;
}

/** Checks that both splits are of one data set, since the machine holds the features of one. */
function expectSameSamples(train: Split, validation: Split | undefined): void {
  if (validation === undefined || validation.samples === train.samples) return;
  throw new TypeError(
    "Cannot train: expected training and validation splits of one data set: " +
      "received splits of two",
  );
}

async function initialize(machine: Machine, state: readonly string[]): Promise<void> {
  await machine.run({ program: "initialize", from: 0, to: 1 });
  // "initialize" writes matrices row-major; training reads some of them in panels
  const rowMajor = (name: string) => new Float32Array(machine.floats(`in:${name}`));
  writeState(machine, state, new Map(state.map((name) => [name, rowMajor(name)])));
}

/** Returns a function for the rows of the training split as shuffled for an epoch; it keeps the last result. */
function epochOrders({ train: { rows }, seed }: Training): { of(epoch: number): Uint32Array } {
  let known: { readonly epoch: number; readonly order: Uint32Array } | undefined;
  return {
    of(epoch) {
      if (known?.epoch !== epoch) {
        const order = permutation(key(seed, "shuffle", epoch), rows.length);
        for (let i = 0; i < order.length; i++) order[i] = rows[order[i]];
        known = { epoch, order };
      }
      return known.order;
    },
  };
}

function results(machine: Machine, from: number, to: number): StepResults {
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
