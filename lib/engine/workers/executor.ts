/**
 * Walks programs: calls one kernel after the other, with the rows of data sets that each step takes.
 * Workers import this, how they take turns and time steps, and what they and main say to each other, but
 * no compiler; a program may as well be walked on the calling thread, to predict one sample without delay.
 *
 * @module
 */

/** A program bound to a memory: every argument is a number. */
export interface BoundProgram {
  /** In the order in which they run. */
  readonly calls: readonly BoundCall[];
  /** The loops that were emitted for the program. */
  readonly loops: WebAssembly.Module;
}

/** A call of a kernel or loop. */
export interface BoundCall {
  /** Name of a kernel or loop. */
  readonly kernel: string;
  /** Arguments at step 0. */
  readonly arguments: readonly number[];
  /** What each argument grows by from step to step. */
  readonly strides: readonly number[];
  /** Place of the call in the program that it is a share of; none for a barrier. */
  readonly call?: number;
}

/** Stands between calls where workers wait for each other; no kernel, but the end of a phase. */
export const BARRIER: BoundCall = { kernel: "barrier", arguments: [], strides: [] };

/** Computes one step of a program; steps count from 0 within a segment. */
export type Walk = (step: number) => void;

type Kernel = (...arguments_: number[]) => void;

/** A call with its kernel, and its arguments at the step that it was made for last. */
interface ReadyCall {
  readonly run: Kernel;
  readonly base: readonly number[];
  readonly strides: readonly number[];
  /** Which arguments change from step to step. */
  readonly moving: readonly number[];
  readonly now: number[];
}

/**
 * Makes a bound program ready to be walked in a memory.
 *
 * @throws {TypeError} if it calls a kernel that does not exist
 */
export function makeWalk(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: Readonly<Record<string, WebAssembly.ExportValue>>,
): Walk {
  const [walk, ...more] = makePhases(program, memory, kernels);
  if (walk !== undefined && more.length === 0) return walk;
  throw new TypeError("Cannot walk: expected a program without barriers");
}

/**
 * Makes a share of a bound program ready: what it does from barrier to barrier.
 *
 * @throws {TypeError} if it calls a kernel that does not exist
 */
export function makePhases(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: WebAssembly.Exports,
): readonly Walk[] {
  const ready = readyIn(program, memory, kernels);
  return phasesOf(program.calls).map((calls) => walkOf(calls.map(ready)));
}

/** Those who look on while a program is walked, with a clock for example. */
export interface Watcher {
  /** Told when a phase begins. */
  readonly before?: () => void;
  /** Told of each call that has been made: its place in the program. */
  readonly after: (call: number) => void;
}

/**
 * Makes a share of a bound program ready, as {@linkcode makePhases}, for those who look on.
 *
 * @throws {TypeError} if it calls a kernel that does not exist
 */
export function makeWatchedPhases(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: WebAssembly.Exports,
  { before = () => {}, after }: Watcher,
): readonly Walk[] {
  const ready = readyIn(program, memory, kernels);
  return phasesOf(program.calls).map((calls) => {
    const walks = calls.map((call) => walkOf([ready(call)]));
    const places = calls.map(({ call }) => call as number); // barriers have none, and stand between
    return (step) => {
      before();
      for (let index = 0; index < walks.length; index++) {
        walks[index](step);
        after(places[index]);
      }
    };
  });
}

/** Makes calls of a program ready. */
function readyIn(
  { loops: module }: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: WebAssembly.Exports,
): (call: BoundCall) => ReadyCall {
  const loops = new WebAssembly.Instance(module, { env: { memory } }).exports;
  return ({ kernel, arguments: base, strides }) => {
    const run = loops[kernel] ?? kernels[kernel];
    if (typeof run !== "function") {
      throw new TypeError(`Cannot walk: expected the name of a kernel: received "${kernel}"`);
    }
    const moving = strides.flatMap((stride, index) => stride === 0 ? [] : [index]);
    return { run: run as Kernel, base, strides, moving, now: [...base] };
  };
}

/** The calls between barriers. */
function phasesOf(calls: readonly BoundCall[]): readonly (readonly BoundCall[])[] {
  const phases: BoundCall[][] = [[]];
  for (const call of calls) {
    if (call.kernel === BARRIER.kernel) phases.push([]);
    else phases.at(-1)?.push(call);
  }
  return phases;
}

function walkOf(calls: readonly ReadyCall[]): Walk {
  return (step) => {
    for (const { run, base, strides, moving, now } of calls) {
      for (const index of moving) {
        now[index] = base[index] + step * strides[index];
      }
      run(...now);
    }
  };
}

/** Rows of a data set, outside the memory. */
export interface SourceRows {
  /** Numbers in a row. */
  readonly features: number;
  /** Row-major [rows, features]; in shared memory if workers are to read them. */
  readonly values: Uint8Array | Float32Array;
}

/** Instantiates the kernels on a memory, with `stageRows`, which reads what lies outside it. */
export function instantiateKernels(
  kernels: WebAssembly.Module,
  memory: WebAssembly.Memory,
  sources: readonly SourceRows[],
): Readonly<Record<string, WebAssembly.ExportValue>> {
  const { exports } = new WebAssembly.Instance(kernels, { env: { memory } });
  return { ...exports, stageRows: makeStageRows(memory, sources) };
}

/** Bytes that a processor fetches from memory at once. */
const LINE = 64;

/**
 * Makes the kernel that copies rows of a data set into the memory: out [rows, features] = the rows from
 * `from` to `to` of those whose numbers stand at `rows`.
 *
 * Rows of a shuffled epoch lie anywhere, so each is waited for. A byte of every line is read first, of
 * all rows, since a processor waits for many at a time; what they add up to is returned only so that
 * reading them is not left out.
 */
function makeStageRows(
  { buffer }: WebAssembly.Memory,
  sources: readonly SourceRows[],
): (...arguments_: number[]) => number {
  const numbers = new Uint32Array(buffer);
  const whole = { bytes: new Uint8Array(buffer), floats: new Float32Array(buffer) };
  return (source = 0, rows = 0, from = 0, to = 0, out = 0) => {
    const { values, features } = sources[source];
    const target = values instanceof Uint8Array ? whole.bytes : whole.floats;
    const first = out / values.BYTES_PER_ELEMENT;
    const perLine = LINE / values.BYTES_PER_ELEMENT;
    let sum = 0;
    for (let row = from; row < to; row++) {
      const start = numbers[rows / 4 + row] * features;
      for (let i = 0; i < features; i += perLine) sum += values[start + i];
    }
    for (let row = from; row < to; row++) {
      const start = numbers[rows / 4 + row] * features;
      target.set(values.subarray(start, start + features), first + row * features);
    }
    return sum;
  };
}
