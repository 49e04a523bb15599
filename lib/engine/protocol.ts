/**
 * What main and workers say to each other.
 *
 * @module
 */

import type { BoundProgram } from "./walker.ts";

/** What main says to a worker. */
export type Request =
  | {
    readonly kind: "open";
    readonly memory: WebAssembly.Memory;
    readonly kernels: WebAssembly.Module;
    /** The worker's own share of each program. */
    readonly programs: readonly BoundProgram[];
    /** Its number, from 0, and how many there are. */
    readonly worker: number;
    readonly workers: number;
  }
  | { readonly kind: "run"; readonly program: number; readonly from: number; readonly to: number };

/** What a worker answers: it is ready, has walked the steps before `step`, or has failed. */
export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly step: number }
  | { readonly kind: "failed"; readonly message: string };

/** Control words at the start of the memory, as indices of 32-bit integers. */
export const STEPS_WORD = 0;
/** Set by main: workers stop at the end of the step. */
export const STOP_WORD = 1;
/** Set by the first worker before each step, in turn: whether all of them go on. */
export const GO_WORDS = [2, 3] as const;

/** Where the words of the barrier are, in bytes; see `barrier` of the kernels. */
export const BARRIER_BYTE = 64;
/** Set when a worker has failed: the others do not wait for it. */
const ABORT_WORD = BARRIER_BYTE / 4 + 3;

/** Lets workers know that one of them has failed, wherever they wait for it. */
export function abort(control: Int32Array): void {
  Atomics.store(control, ABORT_WORD, 1);
}
