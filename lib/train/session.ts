/**
 * A session of training: one machine with the programs of training and validation and the data they
 * read. It takes steps and tells what came of them; what to do next is decided by `fit`.
 *
 * @module
 */
import type { Normalization, Split } from "../data/dataset.ts";
import type { ImageDeformations } from "../data/augment/mod.ts";
import { labelsOf } from "../data/split/samples.ts";
import type { Backend, Machine } from "../engine/backend.ts";
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
import { type UpdateGroup, updateGroups, type Updating } from "../optim/parameter_groups.ts";
import { evaluatePass, EVALUATION_BATCH, type Pass, passOf, runPass, scoreOf } from "./passes.ts";
import { type Batches, batchesOf } from "./batches.ts";
import type { Observer, OutputOf } from "./observation/observer.ts";
import { observationProgram, runObservation } from "./observation/programs.ts";
import { makeConstants, sourceOf, trainingPrograms } from "./programs.ts";
import { readState, type StateValues, writeState } from "./state.ts";

/** What is trained, on what, and how. */
export interface Training extends Updating {
  /** The network. */
  readonly network: Network;
  /** What training makes small. */
  readonly loss: Loss;
  /** How batches are moved, to be learned from once more; they are not if not given. */
  readonly adversarial?: Adversarial | undefined;
  /** Limits of the gradient; none if not given. */
  readonly clip?: Clip | undefined;
  /** Batches to an update, whose gradients are accumulated; 1 if not given. */
  readonly accumulate?: number | undefined;
  /** How much each step's weights count in a mean of them; no mean is kept if not given. */
  readonly averaging?: Averaging | undefined;
  /** Seed of the run: of the first parameters, of the order of samples, of layers that draw. */
  readonly seed: number;
  /** Samples a step; all, if there are fewer. */
  readonly batchSize: number;
  /** What is done to each feature before the network sees it. */
  readonly normalization: Normalization;
  /** What is done to images anew at each step, before anything else; nothing if not given. */
  readonly deformations?: ImageDeformations | undefined;
  /** The samples to learn from. */
  readonly train: Split;
  /** Evaluated at the end of each epoch. */
  readonly validation?: Split;
  /** Observers of the network on the way; none if not given. */
  readonly observers?: readonly Observer[] | undefined;
  /** How many workers share each step; 1 if not given. The results do not depend on it. */
  readonly workers?: number | undefined;
  /** What executes programs. Defaults to the exact backend. */
  readonly backend?: Backend | undefined;
}

export interface Validated {
  /** With the parameters as they are. */
  readonly validation: Score;
  /** With their means, if those are kept. */
  readonly average?: Score;
}

/** What came of some steps: an element for each. */
export type StepResults = Omit<StepSeries, "learningRate">;

interface Observed {
  /** Number of samples; 0 if the observer has no expression. */
  readonly samples: number;
  readonly output: OutputOf;
}

/** Owns the machine of a training. */
export interface Session extends AsyncDisposable {
  /** How the first layer reads its rows; part of the model. */
  readonly encoding: Encoding;
  readonly batches: Batches;
  readonly updates: Updates;
  readonly groups: readonly UpdateGroup[];
  initialize(): Promise<void>;
  state(): StateValues;
  restore(state: StateValues): void;
  /** Lays out an epoch: the rows of each step, and its number and settings. */
  prepare(epoch: number, settings: StepSettings): void;
  /** Takes steps of the prepared epoch, by default to its end; returns the step it stopped before. */
  run(from: number, to?: number): Promise<number>;
  results(from: number, to: number): StepResults;
  /** The first operation whose result was not finite; only if checked, and right after the step. */
  fault(step: number): string | undefined;
  /** Evaluates the validation split; a stop does not cut it short. */
  validate(): Promise<Validated>;
  /** Computes the expression of one of the observers. Epochs are to be prepared again. */
  observe(observer: Observer): Promise<Observed>;
  /** The prepared epoch, and the step that training has reached; also while it runs. */
  position(): Position;
  /** Has training end with its current step, and not go on. */
  stop(): void;
  /** Has the running call of `run` end with its current step; the next one goes on. */
  pause(): void;
}

/** Opens a session; `check` has the result of every operation checked, see `findFault`. */
export async function openSession(training: Training, check = false): Promise<Session> {
  const { network, loss, normalization, train, validation, accumulate = 1, seed } = training;
  const { observers = [], backend = exact } = training;
  expectSameSamples(train, validation);
  const features = sizeOf(train.samples.shape);
  const { source, encoding, sources } = sourceOf(train, normalization);
  const batches = batchesOf(train.rows.length, Math.min(training.batchSize, train.rows.length));
  const evaluated = batchesOf(validation?.rows.length ?? 0, EVALUATION_BATCH);
  const sizes = { train: batches, validation: evaluated };
  const updates = updatesOf(batches, accumulate);
  const groups = updateGroups(network, training);
  const averages = training.averaging !== undefined;
  const { steps, aliases, state, layouts, ...compiled } = trainingPrograms(
    { ...training, source, groups, averages, accumulates: accumulate > 1 },
    sizes,
    { check, ...backend.compileOptions },
  );
  const observed = new Map<string, Split>();
  let { programs } = compiled;
  for (const { name, training } of check ? [] : observers) {
    if (training?.pass === undefined) continue;
    const { rows, outputs } = training.pass;
    const split = { samples: train.samples, rows: rows(train, seed) };
    observed.set(name, split);
    const program = observationProgram(
      { name },
      outputs,
      { network, loss, groups, normalization, source, batch: split.rows.length },
      { ...backend.compileOptions, layouts },
    );
    programs = { ...programs, ...program };
  }
  const machine = await backend.open({
    programs,
    aliases,
    sources,
    perStep: PER_STEP,
    steps: Math.max(batches.steps, evaluated.steps),
    // of many classes, entries for the steps of training would take gigabytes
    entries: { "out:probabilities": evaluated.steps },
    workers: training.workers,
  });
  const loaded = { machine, programs };
  await makeConstants(machine, programs);
  const constants = normalizationInputs(normalization, features);
  writeState(machine, [...constants.keys()], constants);
  const pass = passOf("step", batches);
  const pace = paceOf(machine, {
    steps: batches.steps,
    programOf: (step) => updates.isUpdate(step) ? pass.programOf(step) : "accumulate",
  });
  const evaluate = async (name: string, split: Split) =>
    scoreOf(await evaluatePass(loaded, name, split, network.outputs), labelsOf(split));
  const orders = ordersOf(training);
  return {
    encoding,
    batches,
    updates,
    groups,
    initialize() {
      const running = initialize(machine, state);
      orders.of(0); // drawn while the workers are at work
      return running;
    },
    state: () => readState(machine, state),
    restore: (values) => writeState(machine, state, values),
    prepare(epoch, settings) {
      const order = orders.of(epoch);
      const { labels } = train.samples;
      fillSamples(machine, steps, { rows: order, labels, batches });
      fillNumbers(machine, steps, { batches, updates, epoch, ...settings });
      pace.begin(epoch);
    },
    run(from, to) {
      const running = pace.run(from, to);
      orders.of(pace.position().epoch + 1); // drawn while the workers are at work
      return running;
    },
    results: (from, to) => results(machine, from, to),
    fault(step) {
      const { labels = [] } = steps[pace.programOf(step)] ?? {};
      return labels[machine.integers("out:firstBad")[0] - 1];
    },
    async validate() {
      if (validation === undefined) {
        throw new TypeError("Cannot validate: expected a validation split");
      }
      machine.resume(); // a stop is for training
      const score = await evaluate("validate", validation);
      if (!averages) return { validation: score };
      return { validation: score, average: await evaluate("validateAverage", validation) };
    },
    async observe({ name }) {
      const split = observed.get(name);
      if (split === undefined) return { samples: 0, output: () => new Float32Array() };
      machine.resume(); // a stop is for training
      const output = await runObservation(loaded, { name }, split);
      return { samples: split.rows.length, output };
    },
    position: () => pace.position(),
    stop: () => pace.stop(),
    pause: () => pace.pause(),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** The machine holds the features of the training samples alone. */
function expectSameSamples(train: Split, validation: Split | undefined): void {
  if (validation === undefined || validation.samples === train.samples) return;
  throw new TypeError(
    "Cannot train: expected a validation split of the samples that the training split is of: " +
      "received other samples",
  );
}

async function initialize(machine: Machine, state: readonly string[]): Promise<void> {
  await machine.run({ program: "initialize", from: 0, to: 1 });
  // It leaves matrices in rows; training wants some of them in panels
  const rowsOf = (name: string) => new Float32Array(machine.floats(`in:${name}`));
  writeState(machine, state, new Map(state.map((name) => [name, rowsOf(name)])));
}

interface Pace extends Pass, Pick<Session, "run" | "position" | "stop" | "pause"> {
  begin(epoch: number): void;
}

function paceOf(machine: Machine, pass: Pass): Pace {
  let epoch = 0;
  let reached = () => 0;
  let isStopped = false;
  let isRunning = false;
  return {
    ...pass,
    begin(next) {
      epoch = next;
      reached = () => 0;
    },
    async run(from, to) {
      if (isStopped) return from;
      machine.resume();
      isRunning = true;
      const end = await runPass(machine, pass, {
        from,
        to,
        onSegment: ({ from }) => reached = () => from + machine.stepsDone(),
      });
      isRunning = false;
      reached = () => end;
      return end;
    },
    position: () => ({ epoch, step: epoch * pass.steps + reached() }),
    stop() {
      isStopped = true;
      if (isRunning) machine.stop();
    },
    pause() {
      if (isRunning) machine.stop();
    },
  };
}

/** The rows of the training split in the order of an epoch, kept until another epoch's are asked for. */
function ordersOf({ train: { rows }, seed }: Training): { of(epoch: number): Uint32Array } {
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
