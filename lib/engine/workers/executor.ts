/**
 * Makes programs executable: calls one kernel after the other, with the rows of data sets that each step
 * reads. Workers import this, the barrier, the timing of steps and the protocol, but no compiler. A
 * program without barriers can run on the calling thread too, to predict one sample without delay.
 *
 * @module
 */

import type { Kernel } from "./kernel_module.ts";

/** A program bound to a memory: every argument is a number. */
export interface BoundProgram {
  readonly calls: readonly BoundCall[];
  readonly loops: WebAssembly.Module;
}

export interface BoundCall {
  readonly kernel: string;
  /** Arguments at step 0. */
  readonly arguments: readonly number[];
  /** What each argument grows by from step to step. */
  readonly strides: readonly number[];
  /** Index of the call in the program; none for a barrier. */
  readonly call?: number;
}

/** Stands between calls where workers wait for each other; no kernel, but the end of a phase. */
export const BARRIER: BoundCall = { kernel: "barrier", arguments: [], strides: [] };

/** Computes a phase of a program in one step; steps count from 0 within a segment. */
export type Phase = (step: number) => void;

/** Observes a program while it runs: a stopwatch, or a recorder of moments. */
export interface Watcher {
  /** Called when a phase begins: the worker has waited until now. */
  wait(): void;
  /** Called when a call has returned; `call` is its index in the program. */
  lap(call: number): void;
}

/** A call with its kernel, and its arguments in the step that was computed last. */
interface ReadyCall {
  readonly run: Kernel;
  readonly base: readonly number[];
  readonly strides: readonly number[];
  /** Indices of the arguments that change from step to step. */
  readonly moving: readonly number[];
  readonly now: number[];
}

/** Returns the only phase of a program without barriers, ready to run in a memory. */
export function makePhase(
  program: BoundProgram,
  memory: WebAssembly.Memory,
  kernels: Readonly<Record<string, WebAssembly.ExportValue>>,
): Phase {
  const [phase, ...more] = makePhases(program, memory, kernels);
  if (phase !== undefined && more.length === 0) return phase;
  throw new TypeError("Cannot walk: expected a program without barriers");
}

/** Returns the phases of a worker's partition of a program, ready to run in a memory. */
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
      throw new TypeError(`Cannot walk: expected the name of a kernel: received "${kernel}"`);
    }
    const moving = strides.flatMap((stride, index) => stride === 0 ? [] : [index]);
    return { run: run as Kernel, base, strides, moving, now: [...base] };
  };
  return phasesOf(calls).map((calls) =>
    watcher === undefined
      ? phaseOf(calls.map(ready))
      : watchedPhase(calls.map((call) => phaseOf([ready(call)])), calls, watcher)
  );
}

function phasesOf(calls: readonly BoundCall[]): readonly (readonly BoundCall[])[] {
  const phases: BoundCall[][] = [[]];
  for (const call of calls) {
    if (call.kernel === BARRIER.kernel) phases.push([]);
    else phases.at(-1)?.push(call);
  }
  return phases;
}

function phaseOf(calls: readonly ReadyCall[]): Phase {
  return (step) => {
    for (const { run, base, strides, moving, now } of calls) {
      for (const index of moving) {
        now[index] = base[index] + step * strides[index];
      }
      run(...now);
    }
  };
}

/** @param single a phase for each call */
function watchedPhase(
  single: readonly Phase[],
  calls: readonly BoundCall[],
  watcher: Watcher,
): Phase {
  const places = calls.map(({ call }) => call as number); // only barriers have none
  return (step) => {
    watcher.wait();
    for (let index = 0; index < single.length; index++) {
      single[index](step);
      watcher.lap(places[index]);
    }
  };
}

/** Rows of a data set, outside the memory. */
export interface SourceRows {
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
