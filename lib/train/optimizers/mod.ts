/**
 * Optimizers: from gradients to better parameters.
 *
 * @module
 */

import { type Registry, registry } from "../../config/registry.ts";
import { adamEntry } from "./adam.ts";
import { momentumEntry } from "./momentum.ts";
import { sgdEntry } from "./sgd.ts";

export type { OptimizedParameter, Optimizer, StepInputs } from "./optimizer.ts";
export { adam, type AdamOptions } from "./adam.ts";
export { momentum, type MomentumOptions } from "./momentum.ts";
export { sgd } from "./sgd.ts";

/** The entries by name. */
export const optimizerTable = {
  sgd: sgdEntry,
  momentum: momentumEntry,
  adam: adamEntry,
};

/** Optimizers by their names in a config. */
export const optimizers: Registry<typeof optimizerTable> = registry("optimizer", optimizerTable);
