/**
 * The exact backend: WebAssembly kernels whose results have the same bits everywhere.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { openMachine, openSingleThread } from "../workers/machine.ts";

/** The exact backend: the same bits on every machine and for every number of workers. */
export const exact: Backend = {
  name: "exact",
  compileOptions: { densePanels: true },
  facts: {},
  open: (plan) => openMachine(plan),
};

/**
 * The exact backend on the calling thread, for JavaScript engines without workers. It ignores the number of
 * workers, and measures no times.
 */
export const singleThread: Backend = { ...exact, open: openSingleThread };
