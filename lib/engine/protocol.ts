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
    readonly programs: readonly BoundProgram[];
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
