/**
 * Executes bound programs: calls their kernels in order, and copies the rows of data sets that each step
 * reads. Workers import this module, the barrier, the timing of steps and the protocol, but no compiler. A
 * program without barriers can also run on the calling thread, which predicts one sample without delay.
 *
 * @module
 */

import type { Kernel } from "./kernel_module.ts";

/** A worker's partition of a program, bound to a memory: every argument of a call is a number. */
export interface BoundProgram {
  /** Calls in the order in which they run, with {@linkcode BARRIER} between phases. */
  readonly calls: readonly BoundCall[];
  /** Module that exports the program's loops. */
  readonly loops: WebAssembly.Module;
}

/** A call of a kernel whose arguments are bound to numbers. */
export interface BoundCall {
  /** Name of a kernel, or of one of the program's loops. */
  readonly kernel: string;
  /** Arguments at step 0. */
  readonly arguments: readonly number[];
  /** Increment of each argument from one step to the next. */
  readonly strides: readonly number[];
  /** Index of the call in the whole program; undefined for a barrier. */
  readonly call?: number;
}

/** A marker between two phases, at which workers wait for each other. It calls no kernel. */
export const BARRIER: BoundCall = { kernel: "barrier", arguments: [], strides: [] };

/**
 * A function that runs a worker's calls of one phase in one step. A step is the index of its entries in
 * spaces.
 */
export type Phase = (step: number) => void;

/** Callbacks by which a stopwatch or a recorder measures a running program. */
export interface Watcher {
  /** Called at the beginning of a phase, when the worker has waited for all other workers. */
  onWaitEnd(): void;
  /** Called when a call of the program has returned, with the index of the call in the program. */
  onCallEnd(call: number): void;
}

/** A call with the function of its kernel, and its arguments. */
interface ReadyCall {
  readonly run: Kernel;
  /** Arguments at step 0. */
  readonly base: readonly number[];
  /** Increment of each argument from one step to the next. */
  readonly strides: readonly number[];
  /** Indices of the arguments that change from step to step. */
  readonly changing: readonly number[];
  /** Arguments in the last step. */
  readonly current: number[];
}

/**
 * Returns the only phase of a program without barriers, as a function that runs its calls in a memory.
 *
 * @param kernels functions by name, on that memory
 * @throws {TypeError} if the program has barriers, or a call names an unknown kernel
 */
export function makePhase(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: Readonly<Record<string, WebAssembly.ExportValue>>,
): Phase {
  const [phase, ...more] = makePhases(program, memory, kernels);
  if (phase !== undefined && more.length === 0) return phase;
  throw new TypeError(
    "Cannot run a program: expected one without barriers: received one with some",
  );
}

/**
 * Returns the phases of one worker's partition of a program, as functions that run its calls in a memory. A
 * watcher is called at the beginning of each phase and after each call.
 *
 * @param kernels functions by name, on that memory
 * @throws {TypeError} if a call names an unknown kernel
 */
export function makePhases(
  { calls, loops: module }: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: WebAssembly.Exports,
  watcher?: Watcher,
): readonly Phase[] {
  const loops = new WebAssembly.Instance(module, { env: { memory } }).exports;
  const ready = ({ kernel, arguments: base, strides }: BoundCall): ReadyCall => {
    const run = loops[kernel] ?? kernels[kernel];
    if (typeof run !== "function") {
      throw new TypeError(
        `Cannot run a program: expected the name of a kernel: received "${kernel}"`,
      );
    }
    const changing = strides.flatMap((stride, index) => stride === 0 ? [] : [index]);
    return { run: run as Kernel, base, strides, changing, current: [...base] };
  };
  return splitAtBarriers(calls).map((calls) =>
    watcher === undefined
      ? callsToPhase(calls.map(ready))
      : callsToWatchedPhase(calls.map((call) => callsToPhase([ready(call)])), calls, watcher)
  );
}

/** Returns the calls of each phase, without the barriers between phases. */
function splitAtBarriers(calls: readonly BoundCall[]): readonly (readonly BoundCall[])[] {
  const phases: BoundCall[][] = [[]];
  for (const call of calls) {
    if (call.kernel === BARRIER.kernel) phases.push([]);
    else phases.at(-1)?.push(call);
  }
  return phases;
}

/** Returns a phase that runs the calls in order. */
function callsToPhase(calls: readonly ReadyCall[]): Phase {
  return (step) => {
    for (const { run, base, strides, changing, current } of calls) {
      for (const index of changing) {
        current[index] = base[index] + step * strides[index];
      }
      run(...current);
    }
  };
}

/**
 * Returns a phase that runs calls one by one and notifies a watcher after each.
 *
 * @param single functions, each of which runs the call at the same position in `calls`
 */
function callsToWatchedPhase(
  single: readonly Phase[],
  calls: readonly BoundCall[],
  watcher: Watcher,
): Phase {
  const indices = calls.map(({ call }) => call as number); // only barriers have none
  return (step) => {
    watcher.onWaitEnd();
    for (let index = 0; index < single.length; index++) {
      single[index](step);
      watcher.onCallEnd(indices[index]);
    }
  };
}

/** Rows of a data set, outside the memory of programs. */
export interface SourceRows {
  /** Number of features of each row. */
  readonly features: number;
  /** Values, row-major [rows, features]; in shared memory if workers read them. */
  readonly values: Uint8Array | Float32Array;
}

/**
 * Instantiates the engine's kernels on a memory. Returns them by name, with the kernel `copyDatasetRows`,
 * which reads rows of `sources` by the index of a data set. Later changes of the list `sources` take effect.
 */
export function instantiateKernels(
  kernels: WebAssembly.Module,
  memory: WebAssembly.Memory,
  sources: readonly SourceRows[],
): Readonly<Record<string, WebAssembly.ExportValue>> {
  const { exports } = new WebAssembly.Instance(kernels, { env: { memory } });
  return { ...exports, copyDatasetRows: makeCopyDatasetRows(memory, sources) };
}

/** Number of bytes of a cache line. */
const LINE = 64;

/**
 * Returns the kernel that copies rows of a data set into the memory: rows `from` to `to` of out [rows,
 * features] are the rows of the data set whose indices are in the array at the address `rows`. `source` is
 * the index of the data set.
 *
 * Rows of a shuffled epoch are scattered in memory, so copying waits for each. The kernel first reads one
 * byte of every cache line of all rows, since a processor can wait for many lines at a time. It returns their
 * sum only so that V8 does not remove these reads.
 */
function makeCopyDatasetRows(
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
