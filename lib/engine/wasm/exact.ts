import type { Backend } from "../backend.ts";
import { openMachine } from "../workers/machine.ts";

/** WebAssembly kernels: the same bits on every machine and for every number of workers. */
export const exact: Backend = {
  name: "exact",
  compileOptions: { densePanels: true },
  facts: {},
  open: (plan) => openMachine(plan),
};
