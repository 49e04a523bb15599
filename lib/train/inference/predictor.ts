/**
 * Predicts the classes of new samples: many at once with workers, or one at a time on the calling thread.
 *
 * A predictor is opened once and called many times. It reads rows in place if they are in shared memory, and
 * stores no data set. Batch normalizations are folded into the dense layers before them, as in
 * evaluations, so both give the same bits.
 *
 * @module
 */
import type { Samples } from "../../data/dataset.ts";
import type { ImageMap } from "../../data/prepare/image.ts";
import { createImagePreparer } from "../../data/prepare/prepare.ts";
import type { Plan, Spaces } from "../../engine/backend.ts";
import { exact } from "../../engine/wasm/exact.ts";
import { type LocalMachine, openLocalMachine } from "../../engine/workers/machine.ts";
import { normalizationInputs } from "../step/batch.ts";
import { oneGroup } from "../../optim/parameter_groups.ts";
import type { EvaluationOptions } from "./evaluate.ts";
import { foldForPrediction, rawFeatureCount, type Trained } from "./trained.ts";
import { compileStep, storeSplitFeatures } from "../programs.ts";
import { stateOf, writeState } from "../state.ts";
import { PER_STEP } from "../step/inputs.ts";
import { classificationStep, predictionStep } from "../step/step.ts";

/** Raw features, before any preprocessing: row-major [samples, features]. */
export type Rows = Samples["values"];

/** A predictor for many samples at once, with workers. Concurrent calls run one after the other. */
export interface Predictor extends AsyncDisposable {
  /**
   * Computes the probability of each class, row-major [samples, classes].
   *
   * @param rows features, of the type that the network was trained on. Arrays in shared memory, as those of
   *   loaded data sets, are read in place; others are copied to shared memory first
   * @throws {TypeError} if `rows` is empty, does not consist of whole rows, or has another type
   */
  probabilities(rows: Rows): Promise<Float32Array<ArrayBuffer>>;
  /**
   * Finds the index of each sample's most probable class [samples], the first one of equals. This takes less
   * time than computing probabilities.
   *
   * @throws {TypeError} as {@linkcode Predictor.probabilities}
   */
  classes(rows: Rows): Promise<Int32Array<ArrayBuffer>>;
}

/** A predictor for one sample at a time, on the calling thread. */
export interface RowPredictor {
  /**
   * Computes the probability of each class [classes].
   *
   * @param row one sample [features], of the type that the network was trained on
   * @throws {TypeError} if `row` is not one row, or has another type
   */
  probabilities(row: Rows): Float32Array<ArrayBuffer>;
  /**
   * Finds the index of the most probable class of one sample [features], the first one of equals. Copies the
   * row, and allocates nothing.
   *
   * @throws {TypeError} as {@linkcode RowPredictor.probabilities}
   */
  classOf(row: Rows): number;
}

/** Number of samples in a step: few enough that the values of a step stay in the caches of two workers. */
const BATCH = 128;

/** Largest number of steps in one run of a program. More samples need several runs. */
const STEPS = 256;

/**
 * Opens a predictor for many samples at once. Close it with `await using`.
 *
 * @throws {TypeError} if the parameters do not fit the network
 */
export async function openPredictor(
  trained: Trained,
  { workers, backend = exact }: EvaluationOptions = {},
): Promise<Predictor> {
  const folded = foldForPrediction(trained);
  const plan = compilePredictorPlan(folded, {
    batch: BATCH,
    steps: STEPS,
    ...backend.compileOptions,
  });
  const machine = await backend.open({ ...plan, workers });
  writeParameters(machine, folded);
  const rows = machine.integers("in:rows");
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  const { outputs } = folded.network;
  const inputs = rawFeatureCount(folded);
  const toSharedMemory = sharedCopier(folded);
  const enqueue = createQueue();

  /**
   * Runs a program on all samples, at most `rows.length` at a time. After each run, calls `keep` with the index of
   * the run's first sample and the number of its samples.
   */
  const runOn = async (
    samples: Rows,
    program: string,
    keep: (first: number, count: number) => void,
  ): Promise<void> => {
    const count = countRows(folded, samples);
    const values = toSharedMemory(samples);
    for (let first = 0; first < count; first += rows.length) {
      const chunk = Math.min(rows.length, count - first);
      machine.read("features", values.subarray(first * inputs, (first + chunk) * inputs));
      await machine.run({ program, from: 0, to: Math.ceil(chunk / BATCH) });
      keep(first, chunk);
    }
  };
  return {
    probabilities: (samples) =>
      enqueue(async () => {
        const all = new Float32Array(samples.length / inputs * outputs);
        const computed = machine.floats("out:probabilities");
        await runOn(samples, "probabilities", (first, count) => {
          all.set(computed.subarray(0, count * outputs), first * outputs);
        });
        return all;
      }),
    classes: (samples) =>
      enqueue(async () => {
        const all = new Int32Array(samples.length / inputs);
        const computed = machine.integers("out:classes");
        await runOn(samples, "classes", (first, count) => {
          all.set(computed.subarray(0, count), first);
        });
        return all;
      }),
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/**
 * Opens a predictor for one sample at a time, without workers.
 *
 * @throws {TypeError} if the parameters do not fit the network
 */
export function openRowPredictor(trained: Trained): RowPredictor {
  const folded = foldForPrediction(trained);
  const machine: LocalMachine = openLocalMachine(
    compilePredictorPlan(folded, { batch: 1, steps: 1, ...exact.compileOptions }),
  );
  writeParameters(machine, folded);
  const probabilities = machine.floats("out:probabilities");
  const classes = machine.integers("out:classes");
  const preprocess = rowPreprocessor(folded);
  const runOn = (row: Rows, program: string) => {
    if (countRows(folded, row) !== 1) throw createRowsError("one row", folded, row);
    machine.read("features", preprocess(row));
    machine.run(program);
  };
  return {
    probabilities(row) {
      runOn(row, "probabilities");
      return new Float32Array(probabilities);
    },
    classOf(row) {
      runOn(row, "classes");
      return classes[0];
    },
  };
}

/**
 * Computes the probability of each class for rows of raw features, row-major [samples, classes]. Opens and
 * closes a predictor; for several calls, use {@linkcode openPredictor}.
 *
 * @throws {TypeError} as {@linkcode Predictor.probabilities}, or if the parameters do not fit the network
 */
export async function predict(
  trained: Trained,
  rows: Rows,
  options: EvaluationOptions = {},
): Promise<Float32Array<ArrayBuffer>> {
  countRows(trained, rows);
  await using predictor = await openPredictor(trained, options);
  return await predictor.probabilities(rows);
}

/**
 * Compiles the two programs of a predictor, for probabilities and for classes, and returns the plan of its
 * machine. The plan's data set is empty, because each run of a predictor reads rows of its own.
 */
function compilePredictorPlan(
  trained: Trained,
  { batch, steps, densePanels }: {
    readonly batch: number;
    readonly steps: number;
    readonly densePanels: boolean;
  },
): Plan {
  const { network, loss, normalization, encoding } = trained;
  const groups = oneGroup(network);
  const values = has8BitFeatures(trained) ? new Uint8Array() : new Float32Array();
  const samples = {
    count: 0,
    shape: [rawFeatureCount(trained)],
    values,
    labels: new Uint16Array(),
  };
  const { source, sources } = storeSplitFeatures(
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

/** Returns whether the network was trained on 8-bit features; otherwise they are 32-bit. */
function has8BitFeatures({ encoding }: Trained): boolean {
  return encoding !== "dense32";
}

/** Writes the parameters of a network, its layer states and its normalization into a machine. */
function writeParameters(machine: Spaces, trained: Trained): void {
  const { network, normalization, parameters } = trained;
  const state = stateOf(network, oneGroup(network), parameters);
  writeState(machine, [...state.keys()], state);
  const constants = normalizationInputs(normalization, rawFeatureCount(trained));
  writeState(machine, [...constants.keys()], constants);
}

/**
 * Returns the number of samples in `rows`.
 *
 * @throws {TypeError} if `rows` is empty, does not consist of whole rows, or has another type than the features
 *   that the network was trained on
 */
function countRows(trained: Trained, rows: Rows): number {
  const count = rows.length / rawFeatureCount(trained);
  const fits = has8BitFeatures(trained) === rows instanceof Uint8Array;
  if (fits && count >= 1 && Number.isInteger(count)) return count;
  throw createRowsError("rows", trained, rows);
}

/** Creates the error of features that are not what a predictor expects, such as "one row". */
function createRowsError(expected: string, trained: Trained, rows: Rows): TypeError {
  const typeName = (is8Bit: boolean) => is8Bit ? "8-bit" : "32-bit";
  return new TypeError(
    `Cannot predict: expected ${expected} of ${rawFeatureCount(trained)} ${
      typeName(has8BitFeatures(trained))
    } ` +
      `features: received ${rows.length} ${typeName(rows instanceof Uint8Array)} numbers`,
  );
}

/**
 * Returns a function that copies rows into a shared buffer and applies the network's image preprocessing to
 * them. The next call overwrites the buffer. Rows that are in shared memory and need no preprocessing are
 * returned without a copy.
 */
function sharedCopier({ preparation }: Trained): (rows: Rows) => Rows {
  let buffer = new SharedArrayBuffer(0);
  const write: ImageMap = preparation === undefined
    ? (rows, out) => out.set(rows)
    : createImagePreparer(preparation);
  return (rows) => {
    if (preparation === undefined && rows.buffer instanceof SharedArrayBuffer) return rows;
    if (rows.byteLength > buffer.byteLength) buffer = new SharedArrayBuffer(rows.byteLength);
    if (rows instanceof Uint8Array) {
      const shared = new Uint8Array(buffer, 0, rows.length);
      write(rows, shared);
      return shared;
    }
    const shared = new Float32Array(buffer, 0, rows.length);
    shared.set(rows);
    return shared;
  };
}

/**
 * Returns a function that applies the network's image preprocessing to a row; without preprocessing, it returns
 * the row itself. Each call overwrites the result of the call before.
 */
function rowPreprocessor(trained: Trained): (row: Rows) => Rows {
  const { preparation } = trained;
  if (preparation === undefined) return (row) => row;
  const write = createImagePreparer(preparation);
  const prepared = new Uint8Array(rawFeatureCount(trained));
  return (row) => {
    write(row as Uint8Array, prepared); // images are 8-bit, as countRows() has checked
    return prepared;
  };
}

/**
 * Returns a function that runs asynchronous functions one after the other, in the order in which it receives
 * them, and returns the result of each. A function starts when the one before has ended or failed.
 */
function createQueue(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
