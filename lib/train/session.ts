/**
 * A session of training: one machine with the programs of training and validation and the data they
 * read. It takes steps and tells what came of them; what to do next is decided by `fit`.
 *
 * @module
 */

import type { Normalization, Part } from "../data/dataset.ts";
import { compile } from "../engine/compile.ts";
import { type Machine, openMachine } from "../engine/machine.ts";
import type { Layouts, Program } from "../engine/program.ts";
import { keepSparse } from "../engine/rewrite.ts";
import { storeFeatures } from "../engine/sources.ts";
import type { Loss, Network } from "../nn/mod.ts";
import type { Position } from "../run/checkpoint.ts";
import type { Score } from "../run/record.ts";
import type { StepSeries } from "../run/steps.ts";
import { type Encoding, key, permutation, sizeOf, source, type Tensor } from "../tensor/mod.ts";
import { isShifted, shiftOf } from "./batch.ts";
import type { ParameterGroup } from "./groups.ts";
import type { Optimizer } from "./optimizers/mod.ts";
import {
  type Batches,
  batchesOf,
  evaluatePass,
  EVALUATION_BATCH,
  fillRows,
  labelsOf,
  passPrograms,
  PER_STEP,
  runPass,
  scoreOf,
} from "./passes.ts";
import { readState, type StateValues, writeState } from "./state.ts";
import { evaluationStep, initialState, type Step, trainingStep } from "./step.ts";

/** What is trained, on what, and how. */
export interface Training {
  /** The network. */
  readonly network: Network;
  /** What training makes small. */
  readonly loss: Loss;
  /** The rule of update. */
  readonly optimizer: Optimizer;
  /** Which parameters lie in which vector. */
  readonly groups: readonly ParameterGroup[];
  /** Seed of the run: of the first parameters, of the order of samples, of layers that draw. */
  readonly seed: number;
  /** Samples a step; all, if there are fewer. */
  readonly batchSize: number;
  /** What is done to each feature before the network sees it. */
  readonly normalization: Normalization;
  /** The samples to learn from. */
  readonly train: Part;
  /** Evaluated at the end of each epoch. */
  readonly validation?: Part;
}

/** What came of some steps: an element for each. */
export type StepResults = Omit<StepSeries, "learningRate">;

/** Owns the machine of a training. */
export interface Session extends AsyncDisposable {
  /** How the first layer reads its rows; part of the model. */
  readonly encoding: Encoding;
  /** How an epoch falls into batches. */
  readonly batches: Batches;
  /** Draws the first state from the seed. */
  initialize(): Promise<void>;
  /** Copies the state out. */
  state(): StateValues;
  /** Copies a state in. */
  restore(state: StateValues): void;
  /** Lays out an epoch: the rows of each step, and its number and rate. */
  prepare(epoch: number, rateOf: (step: number) => number): void;
  /**
   * Takes the steps of the prepared epoch from one up to another, to its end if no other is given;
   * returns the step it stopped before.
   */
  run(from: number, to?: number): Promise<number>;
  /** Results of steps of the prepared epoch. */
  results(from: number, to: number): StepResults;
  /** The first operation whose result was not finite; only if checked, and right after the step. */
  fault(step: number): string | undefined;
  /** Evaluates the validation part with the parameters as they are; a stop does not cut it short. */
  validate(): Promise<Score>;
  /** The prepared epoch, and the step that training has reached; also while it runs. */
  position(): Position;
  /** Has training end with its current step, and not go on. */
  stop(): void;
}

/** A data set's features as programs read them. */
export interface Source {
  /** The tensor that rows are taken from. */
  readonly source: Tensor;
  /** How they are stored; part of the model. */
  readonly encoding: Encoding;
  /** What the machine's memory holds of them, by space. */
  readonly sources: Readonly<Record<string, ArrayBufferView>>;
}

/** Stores a part's features, in the encoding that suits them if none is given. */
export function sourceOf(
  { samples: { values, shape } }: Part,
  { scale }: Normalization,
  given?: Encoding,
): Source {
  const { encoding, features, parts } = storeFeatures(values, sizeOf(shape), scale, given);
  const spaces = Object.entries(parts).map(([part, view]) => [`source:features.${part}`, view]);
  return {
    source: source("features", features, encoding),
    encoding,
    sources: Object.fromEntries(spaces),
  };
}

/** Compiles a step, sparse rows kept sparse. */
export function compileStep(
  { outputs, state, origins }: Step,
  layouts?: Layouts,
  check = false,
): Program {
  const tagged = {
    ...Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [`o.${name}`, tensor])),
    ...Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`s.${name}`, tensor])),
  };
  const sparse = keepSparse(tagged, origins);
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(sparse.outputs)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return compile({
    outputs: part("o."),
    state: part("s."),
    origins: sparse.origins,
    check,
    ...(layouts === undefined ? {} : { layouts }),
  });
}

/**
 * Opens a session.
 *
 * @param check whether every operation's result is checked, see `findFault`
 */
export async function openSession(training: Training, check = false): Promise<Session> {
  const { network, normalization, train, validation, seed, batchSize } = training;
  const features = sizeOf(train.samples.shape);
  const { encoding, sources, ...data } = sourceOf(train, normalization);
  const batches = batchesOf(train.rows.length, Math.min(batchSize, train.rows.length));
  const evaluated = batchesOf(validation?.rows.length ?? 0, EVALUATION_BATCH);
  const options = { ...training, ...data };
  const steps = passPrograms(
    "step",
    batches,
    (batch) => compileStep(trainingStep({ ...options, batch }), undefined, check),
  );
  const layouts: Layouts = Object.assign({}, ...Object.values(steps).map(({ layouts }) => layouts));
  const evaluations = passPrograms(
    "validate",
    evaluated,
    (batch) => compileStep(evaluationStep({ ...options, batch }), layouts),
  );
  const first = initialState(training);
  const names = Object.keys(first);
  const machine = await openMachine({
    programs: { ...steps, ...evaluations, initialize: compile({ outputs: first }) },
    aliases: { initialize: Object.fromEntries(names.map((name) => [`out:${name}`, `in:${name}`])) },
    sources,
    perStep: PER_STEP,
    steps: Math.max(batches.steps, evaluated.steps),
  });
  if (isShifted(normalization)) machine.floats("in:shift").set(shiftOf(normalization, features));
  const isCounted = Object.values(steps).some(({ spaces }) => "in:step" in spaces);
  let at = { epoch: 0, step: () => 0 };
  let stopped = false;
  let isTraining = false;
  return {
    encoding,
    batches,
    async initialize() {
      await machine.run({ program: "initialize", from: 0, to: 1 });
      // It leaves matrices in rows; training wants some of them in panels
      const rows = new Map(
        names.map((name) => [name, new Float32Array(machine.floats(`in:${name}`))]),
      );
      writeState(machine, names, rows);
    },
    state: () => readState(machine, names),
    restore: (state) => writeState(machine, names, state),
    prepare(epoch, rateOf) {
      at = { epoch, step: () => 0 };
      prepare(machine, { train, batches, seed, epoch, rateOf, isCounted });
    },
    async run(from, to) {
      if (stopped) return from;
      machine.resume();
      isTraining = true;
      const reached = await runPass(machine, "step", batches, {
        ...{ from, to },
        onSegment: ({ from }) => at = { ...at, step: () => from + machine.stepsDone() },
      });
      isTraining = false;
      at = { ...at, step: () => reached };
      return reached;
    },
    results: (from, to) => results(machine, from, to),
    fault(step) {
      const { labels = [] } = steps[step < batches.whole ? "step" : "stepRest"] ?? {};
      return labels[(machine.integers("out:firstBad")[0] as number) - 1];
    },
    async validate() {
      if (validation === undefined) {
        throw new TypeError("Cannot validate: expected a validation part");
      }
      machine.resume();
      const pass = await evaluatePass(machine, "validate", validation, network.outputs);
      return scoreOf(pass, labelsOf(validation));
    },
    position: () => ({ epoch: at.epoch, step: at.epoch * batches.steps + at.step() }),
    stop() {
      stopped = true;
      if (isTraining) machine.stop();
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** An epoch, from 0, and the learning rate of each of its steps, counted from 1 since the start. */
interface Epoch {
  readonly train: Part;
  readonly batches: Batches;
  readonly seed: number;
  readonly epoch: number;
  readonly rateOf: (step: number) => number;
  /** Whether the programs read the number of the step; not every optimizer does. */
  readonly isCounted: boolean;
}

function prepare(
  machine: Machine,
  { train, batches, seed, epoch, rateOf, isCounted }: Epoch,
): void {
  const order = permutation(key(seed, "shuffle", epoch), train.rows.length);
  const rows = Uint32Array.from(order, (place) => train.rows[place] as number);
  fillRows(machine, train, rows, batches);
  const [rates, rateStride] = [
    machine.floats("in:learningRate"),
    machine.stride("in:learningRate"),
  ];
  const [numbers, numberStride] = isCounted
    ? [machine.integers("in:step"), machine.stride("in:step")]
    : [[], 0];
  for (let index = 0; index < batches.steps; index++) {
    const step = epoch * batches.steps + index + 1;
    rates[index * rateStride] = rateOf(step);
    if (isCounted) numbers[index * numberStride] = step;
  }
}

function results(machine: Machine, from: number, to: number): StepResults {
  const read = (space: string) => {
    const [values, stride] = [machine.floats(space), machine.stride(space)];
    return Float32Array.from(
      { length: to - from },
      (_, i) => values[(from + i) * stride] as number,
    );
  };
  return {
    loss: read("out:loss"),
    correct: read("out:correct"),
    gradientNorm: read("out:gradientNorm"),
  };
}
