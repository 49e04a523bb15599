import type { BoundProgram, SourceRows } from "./executor.ts";
import type { KernelSource } from "./kernel_module.ts";
import type { Tape } from "./tape.ts";

export interface Timing {
  /** URL of the module of its clock, see `ClockModule`. */
  readonly clock: string;
  readonly sums: readonly Float64Array<SharedArrayBuffer>[];
}

export type Request =
  | {
    readonly kind: "open";
    readonly memory: WebAssembly.Memory;
    readonly kernels: WebAssembly.Module;
    readonly programs: readonly (readonly BoundProgram[])[];
    readonly worker: number;
    readonly workers: number;
    readonly lifeline: string;
    /** Kernels in place of the engine's own, or besides them, if there are any. */
    readonly source?: KernelSource | undefined;
    /** How it times steps; a worker without it has no clock. */
    readonly timing?: Timing | undefined;
  }
  | {
    readonly kind: "run";
    readonly program: number;
    readonly from: number;
    readonly to: number;
    readonly sources: readonly SourceRows[];
    /** Where the worker records moments of every step; it has to have a clock. */
    readonly tape?: Tape | undefined;
  };

/** What a worker answers: it is ready, has executed the steps before `step`, or has failed. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly step: number }
  | { readonly kind: "failed"; readonly message: string };

/** Control words at the start of the memory, as indices of 32-bit integers. */
export const STEPS_WORD = 0;
/** Set by main: workers stop at the end of the step. */
export const STOP_WORD = 1;
/** The phase that workers have reached: the first of the words of the barrier. */
export const PHASE_WORD = 16;
/** Stands in the place of a phase where workers were told to stop. */
export const STOPPED = -1;
/** Set when a worker has failed: the others do not wait for it. */
const ABORT_WORD = PHASE_WORD + 3;

/** Bytes of the control words: two cache lines, and one more for each worker. */
export function controlBytes(workers: number): number {
  return 64 * (2 + workers);
}

/** Has the next segment begin with its first step, or, while workers are told to stop, with none. */
export function rewind(control: Int32Array, workers: number): void {
  control.fill(0, PHASE_WORD, controlBytes(workers) / 4);
  Atomics.store(control, STEPS_WORD, 0);
  if (Atomics.load(control, STOP_WORD) !== 0) Atomics.store(control, PHASE_WORD, STOPPED);
}

/** Lets workers know that one of them has failed, wherever they wait for it. */
export function abort(control: Int32Array): void {
  Atomics.store(control, ABORT_WORD, 1);
}

/** Counts a step that has ended; returns whether it is to be the last. */
export function endStep(control: Int32Array): boolean {
  Atomics.add(control, STEPS_WORD, 1);
  return Atomics.load(control, STOP_WORD) !== 0 || Atomics.load(control, ABORT_WORD) !== 0;
}
