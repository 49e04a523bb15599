/**
 * Asking a trained network about samples that come along: many at once, by workers, or one at a time on
 * the calling thread.
 *
 * A predictor is opened once and asked again and again. Rows are read where the caller has them:
 * nothing is stored beforehand. Batch normalizations are folded into the dense layers before them, as
 * evaluations do, so both give the same bits.
 *
 * @module
 */
import type { Samples } from "../../data/dataset.ts";
import type { ImageMap } from "../../data/prepare/image.ts";
import { prepareRows } from "../../data/prepare/prepare.ts";
import type { Plan, Spaces } from "../../engine/backend.ts";
import { exact } from "../../engine/wasm/exact.ts";
import { type LocalMachine, openLocalMachine } from "../../engine/workers/machine.ts";
import { normalizationInputs } from "../step/batch.ts";
import { oneGroup } from "../../optim/parameter_groups.ts";
import type { EvaluationOptions } from "./evaluate.ts";
import { featuresOf, folded, type Trained } from "./trained.ts";
import { compileStep, sourceOf } from "../programs.ts";
import { stateOf, writeState } from "../state.ts";
import { PER_STEP } from "../step/inputs.ts";
import { classificationStep, predictionStep } from "../step/step.ts";

/** Features as they came, before any preparation: row-major [samples, features]. */
export type Rows = Samples["values"];

/** Asks a network about many samples at once, by workers; questions wait for each other. */
export interface Predictor extends AsyncDisposable {
  /**
   * Probability of each class, row-major [samples, classes].
   *
   * @param rows of the type that the network was trained on; read where they are if that is shared
   *   memory, as data sets are that were loaded, else copied there first
   * @throws {TypeError} if the numbers are not whole rows, or of another type
   */
  probabilities(rows: Rows): Promise<Float32Array<ArrayBuffer>>;
  /**
   * The most probable class of each sample [samples]; quicker than all probabilities.
   *
   * @throws {TypeError} as {@linkcode Predictor.probabilities}
   */
  classes(rows: Rows): Promise<Int32Array<ArrayBuffer>>;
}

/** Asks a network about one sample at a time, on the calling thread. */
export interface RowPredictor {
  /**
   * Probability of each class [classes].
   *
   * @param row one sample [features], of the type that the network was trained on
   * @throws {TypeError} if it is not one row, or of another type
   */
  probabilities(row: Rows): Float32Array<ArrayBuffer>;
  /**
   * The most probable class; copies the row, and allocates nothing else.
   *
   * @throws {TypeError} as {@linkcode RowPredictor.probabilities}
   */
  classOf(row: Rows): number;
}

/** Samples to a step: what two workers take at a time then stays in their caches. */
const BATCH = 128;

/** Steps to a segment; more samples than these hold are asked about in several. */
const STEPS = 256;

/**
 * Opens a predictor for many samples at once. It is to be closed: `await using`.
 *
 * @throws {TypeError} if the parameters are not the network's
 */
export async function openPredictor(
  given: Trained,
  { workers, backend = exact }: EvaluationOptions = {},
): Promise<Predictor> {
  const trained = folded(given);
  const plan = planOf(trained, { batch: BATCH, steps: STEPS, ...backend.compileOptions });
  const machine = await backend.open({ ...plan, workers });
  prepare(machine, trained);
  const rows = machine.integers("in:rows");
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  const { outputs } = trained.network;
  const inputs = featuresOf(trained);
  const share = sharing(trained);
  const inTurn = queue();

  /** Runs a program over all rows, as many at a time as a segment holds. */
  const ask = async (
    program: string,
    raw: Rows,
    keep: (first: number, count: number) => void,
  ): Promise<void> => {
    const count = rowsOf(trained, raw);
    const values = share(raw);
    for (let first = 0; first < count; first += rows.length) {
      const samples = Math.min(rows.length, count - first);
      machine.read("features", values.subarray(first * inputs, (first + samples) * inputs));
      await machine.run({ program, from: 0, to: Math.ceil(samples / BATCH) });
      keep(first, samples);
    }
  };
  return {
    probabilities: (raw) =>
      inTurn(async () => {
        const all = new Float32Array(raw.length / inputs * outputs);
        const found = machine.floats("out:probabilities");
        await ask("probabilities", raw, (first, count) => {
          all.set(found.subarray(0, count * outputs), first * outputs);
        });
        return all;
      }),
    classes: (raw) =>
      inTurn(async () => {
        const all = new Int32Array(raw.length / inputs);
        const found = machine.integers("out:classes");
        await ask("classes", raw, (first, count) => all.set(found.subarray(0, count), first));
        return all;
      }),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/**
 * Opens a predictor for one sample at a time, without a worker.
 *
 * @throws {TypeError} if the parameters are not the network's
 */
export function openRowPredictor(given: Trained): RowPredictor {
  const trained = folded(given);
  const machine: LocalMachine = openLocalMachine(
    planOf(trained, { batch: 1, steps: 1, ...exact.compileOptions }),
  );
  prepare(machine, trained);
  const found = machine.floats("out:probabilities");
  const best = machine.integers("out:classes");
  const prepared = preparing(trained);
  const ask = (program: string, row: Rows) => {
    if (rowsOf(trained, row) !== 1) throw notRows("one row", trained, row);
    machine.read("features", prepared(row));
    machine.run(program);
  };
  return {
    probabilities(row) {
      ask("probabilities", row);
      return new Float32Array(found);
    },
    classOf(row) {
      ask("classes", row);
      return best[0];
    },
  };
}

/**
 * Probabilities of each class for rows of features as they came, row-major [samples, classes]; to ask
 * once. Whoever asks more often opens a predictor.
 *
 * @throws {TypeError} as {@linkcode Predictor.probabilities}, or if the parameters are not the network's
 */
export async function predict(
  trained: Trained,
  rows: Rows,
  options: EvaluationOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  rowsOf(trained, rows);
  await using predictor = await openPredictor(trained, options);
  return await predictor.probabilities(rows);
}

function planOf(
  trained: Trained,
  { batch, steps, densePanels }: {
    readonly batch: number;
    readonly steps: number;
    readonly densePanels: boolean;
  },
): Plan {
  const { network, loss, normalization, encoding } = trained;
  const groups = oneGroup(network);
  const values = is8Bit(trained) ? new Uint8Array() : new Float32Array();
  const samples = { count: 0, shape: [featuresOf(trained)], values, labels: new Uint16Array() };
  const { source, sources } = sourceOf(
    { samples, rows: new Uint32Array() },
    normalization,
    { encoding },
  );
  const options = { network, loss, groups, normalization, source, batch };
  return {
    programs: {
      probabilities: compileStep(predictionStep(options), { densePanels }),
      classes: compileStep(classificationStep(options), { densePanels }),
    },
    sources,
    perStep: PER_STEP,
    steps,
  };
}

function is8Bit({ encoding }: Trained): boolean {
  return encoding !== "dense32";
}

function prepare(machine: Spaces, trained: Trained): void {
  const { network, normalization, parameters } = trained;
  const state = stateOf(network, oneGroup(network), parameters);
  writeState(machine, [...state.keys()], state);
  const constants = normalizationInputs(normalization, featuresOf(trained));
  writeState(machine, [...constants.keys()], constants);
}

/** How many rows there are; throws unless they are whole, and of the network's type. */
function rowsOf(trained: Trained, rows: Rows): number {
  const count = rows.length / featuresOf(trained);
  const fits = is8Bit(trained) === rows instanceof Uint8Array;
  if (fits && count >= 1 && Number.isInteger(count)) return count;
  throw notRows("rows", trained, rows);
}

function notRows(what: string, trained: Trained, rows: Rows): TypeError {
  const typeName = (is8Bit: boolean) => is8Bit ? "8-bit" : "32-bit";
  return new TypeError(
    `Cannot predict: expected ${what} of ${featuresOf(trained)} ${typeName(is8Bit(trained))} ` +
      `features: received ${rows.length} ${typeName(rows instanceof Uint8Array)} numbers`,
  );
}

/** Brings rows into shared memory as the network wants them, the same memory while it is large enough. */
function sharing({ preparation }: Trained): (rows: Rows) => Rows {
  let kept = new SharedArrayBuffer(0);
  const write: ImageMap = preparation === undefined
    ? (rows, out) => out.set(rows)
    : prepareRows(preparation);
  return (rows) => {
    if (preparation === undefined && rows.buffer instanceof SharedArrayBuffer) return rows;
    if (rows.byteLength > kept.byteLength) kept = new SharedArrayBuffer(rows.byteLength);
    if (rows instanceof Uint8Array) {
      const shared = new Uint8Array(kept, 0, rows.length);
      write(rows, shared);
      return shared;
    }
    const shared = new Float32Array(kept, 0, rows.length);
    shared.set(rows);
    return shared;
  };
}

/** Prepares a row at a time, in the same memory again and again. */
function preparing(trained: Trained): (row: Rows) => Rows {
  const { preparation } = trained;
  if (preparation === undefined) return (row) => row;
  const write = prepareRows(preparation);
  const prepared = new Uint8Array(featuresOf(trained));
  return (row) => {
    write(row as Uint8Array, prepared); // images are 8-bit, as rowsOf() has found
    return prepared;
  };
}

/** Begins work when that before it has ended, well or badly. */
function queue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
