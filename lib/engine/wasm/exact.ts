/**
 * The backend of this project's own kernels: WebAssembly, with the same bits on every machine and for
 * every number of workers.
 *
 * @module
 */

import type { Backend } from "../backend.ts";
import { openMachine } from "../workers/machine.ts";

export const exact: Backend = {
  name: "exact",
  compileOptions: { densePanels: true },
  facts: {},
  open: (plan) => openMachine(plan),
};
