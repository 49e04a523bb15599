/**
 * The protocol between the main thread and workers: messages, and the control words in shared memory.
 *
 * @module
 */
import type { BoundProgram, SourceRows } from "./executor.ts";
import type { KernelSource } from "./kernel_module.ts";
import type { Tape } from "./tape.ts";

/** A worker's clock, and the memory for sums of its times. */
export interface Timing {
  /** URL of the module with the clock, see `ClockModule`. */
  readonly clock: string;
  /** Sums of the times of each program, in the order of programs; the worker updates them. */
  readonly sums: readonly Float64Array<SharedArrayBuffer>[];
}

/** A message to a worker: a request to open programs, or to run a segment of one. */
export type Request =
  | {
    readonly kind: "open";
    readonly memory: WebAssembly.Memory;
    readonly kernels: WebAssembly.Module;
    /** For each program, its partition for each worker. */
    readonly programs: readonly (readonly BoundProgram[])[];
    /** Index of the worker that receives the message. */
    readonly worker: number;
    /** Number of workers. */
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
    /** Index of the program among those that were opened. */
    readonly program: number;
    /** First step, and step after the last. */
    readonly from: number;
    readonly to: number;
    /** Data sets, in the order of their indices in programs. */
    readonly sources: readonly SourceRows[];
    /** Tape on which the worker records every step; needs a clock. Nothing is recorded without a tape. */
    readonly tape?: Tape | undefined;
  };

/**
 * A worker's reply: "ready" after opening programs; "ran" with the first step of the segment that did not
 * run; or "failed".
 */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly step: number }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Index of the control word that counts the executed steps of a segment. Control words are 32-bit integers at
 * the start of the memory.
 */
export const STEPS_WORD = 0;
/** Index of the control word that the main thread sets to stop workers after the current step. */
export const STOP_WORD = 1;
/**
 * Index of the control word with the index of the current phase in the segment, the first of the barrier's
 * words.
 */
export const PHASE_WORD = 16;
/** Value of the current phase after a stop, instead of the index of a phase. */
export const STOPPED = -1;
/** Index of the control word that is set when a worker has failed, so that all other workers stop waiting. */
const ABORT_WORD = PHASE_WORD + 3;

/**
 * Returns the number of bytes of the control words for a number of workers: two cache lines, and one for each
 * worker.
 */
export function controlBytes(workers: number): number {
  return 64 * (2 + workers);
}

/**
 * Resets the control words for the next segment, so that workers begin with the segment's first step. If
 * the machine is stopped, they will run no step.
 */
export function resetControlWords(control: Int32Array, workers: number): void {
  control.fill(0, PHASE_WORD, controlBytes(workers) / 4);
  Atomics.store(control, STEPS_WORD, 0);
  if (Atomics.load(control, STOP_WORD) !== 0) Atomics.store(control, PHASE_WORD, STOPPED);
}

/** Makes all workers that wait at the barrier fail, because one worker has failed. */
export function abortWorkers(control: Int32Array): void {
  Atomics.store(control, ABORT_WORD, 1);
}

/**
 * Counts a step as executed. Returns whether workers must stop after it: on request, or because a worker has
 * failed.
 */
export function completeStep(control: Int32Array): boolean {
  Atomics.add(control, STEPS_WORD, 1);
  return Atomics.load(control, STOP_WORD) !== 0 || Atomics.load(control, ABORT_WORD) !== 0;
}
