/**
 * The protocol between the main thread and workers: messages, and the control words in shared memory.
 *
 * @module
 */
import type { BoundProgram, SourceRows } from "./executor.ts";
import type { KernelSource } from "./kernel_module.ts";
import type { Tape } from "./tape.ts";

/** A worker's clock, and the sums of its times for each program. */
export interface Timing {
  /** URL of the clock's module, see `ClockModule`. */
  readonly clock: string;
  readonly sums: readonly Float64Array<SharedArrayBuffer>[];
}

/** A message to a worker: opens it with its programs, or runs a segment. */
export type Request =
  | {
    readonly kind: "open";
    readonly memory: WebAssembly.Memory;
    readonly kernels: WebAssembly.Module;
    readonly programs: readonly (readonly BoundProgram[])[];
    readonly worker: number;
    readonly workers: number;
    /** Name of the lock that the worker holds until it ends. */
    readonly lifeline: string;
    /** Kernels that replace or extend the engine's own. */
    readonly source?: KernelSource | undefined;
    /** Clock and sums for timing; none if the machine has no clock. */
    readonly timing?: Timing | undefined;
  }
  | {
    readonly kind: "run";
    readonly program: number;
    readonly from: number;
    readonly to: number;
    readonly sources: readonly SourceRows[];
    /** Tape on which the worker records every step; needs a clock. */
    readonly tape?: Tape | undefined;
  };

/** A worker's reply: it is ready, has executed the steps before `step`, or has failed. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly step: number }
  | { readonly kind: "failed"; readonly message: string };

/** Control words at the start of the memory, as indices of 32-bit integers. */
export const STEPS_WORD = 0;
/** Set by the main thread: workers stop after the current step. */
export const STOP_WORD = 1;
/** The current phase, first of the barrier's words. */
export const PHASE_WORD = 16;
/** Value of the phase after a stop. */
export const STOPPED = -1;
/** Set when a worker has failed, so that the others stop waiting. */
const ABORT_WORD = PHASE_WORD + 3;

/** Returns the bytes of the control words: two cache lines, and one for each worker. */
export function controlBytes(workers: number): number {
  return 64 * (2 + workers);
}

/** Resets the control words for a segment, which begins with its first step or, after a stop, runs none. */
export function rewind(control: Int32Array, workers: number): void {
  control.fill(0, PHASE_WORD, controlBytes(workers) / 4);
  Atomics.store(control, STEPS_WORD, 0);
  if (Atomics.load(control, STOP_WORD) !== 0) Atomics.store(control, PHASE_WORD, STOPPED);
}

/** Makes all workers that wait at the barrier fail, after one has failed. */
export function abort(control: Int32Array): void {
  Atomics.store(control, ABORT_WORD, 1);
}

/** Counts a finished step; returns whether workers must stop after it. */
export function endStep(control: Int32Array): boolean {
  Atomics.add(control, STEPS_WORD, 1);
  return Atomics.load(control, STOP_WORD) !== 0 || Atomics.load(control, ABORT_WORD) !== 0;
}
