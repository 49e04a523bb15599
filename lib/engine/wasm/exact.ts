import type { Backend } from "../backend.ts";
import { openMachine, openSingleThread } from "../workers/machine.ts";

/** WebAssembly kernels: the same bits on every machine and for every number of workers. */
export const exact: Backend = {
  name: "exact",
  compileOptions: { densePanels: true },
  facts: {},
  open: (plan) => openMachine(plan),
};

/**
 * The exact backend without workers: the calling thread computes, whatever number of workers is asked for.
 * For engines that have no workers; times are not measured.
 */
export const singleThread: Backend = { ...exact, open: openSingleThread };
