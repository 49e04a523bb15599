/**
 * Optimizers, one file each.
 *
 * @module
 */
import { type Entry, type Registry, registry, type Tagged } from "../../config/registry.ts";
import type { MuonOptions } from "./muon.ts";
import type { Optimizer } from "./optimizer.ts";
import { adadeltaEntry } from "./adadelta.ts";
import { adagradEntry } from "./adagrad.ts";
import { adamEntry } from "./adam.ts";
import { adamwEntry } from "./adamw.ts";
import { amsgradEntry } from "./amsgrad.ts";
import { lambEntry } from "./lamb.ts";
import { lionEntry } from "./lion.ts";
import { momentumEntry } from "./momentum.ts";
import { muonEntry } from "./muon.ts";
import { nadamEntry } from "./nadam.ts";
import { nesterovEntry } from "./nesterov.ts";
import { rmspropEntry } from "./rmsprop.ts";
import { sgdEntry } from "./sgd.ts";

export type { OptimizedParameter, Optimizer, PlacedParameter, StepInputs } from "./optimizer.ts";
export { adadelta, type AdadeltaOptions } from "./adadelta.ts";
export { adagrad, type AdagradOptions } from "./adagrad.ts";
export { adam, type AdamOptions } from "./adam.ts";
export { adamw, type AdamwOptions } from "./adamw.ts";
export { amsgrad } from "./amsgrad.ts";
export { lamb, type LambOptions } from "./lamb.ts";
export { lion, type LionOptions } from "./lion.ts";
export { momentum, type MomentumOptions } from "./momentum.ts";
export { muon, type MuonOptions } from "./muon.ts";
export { nadam, type NadamOptions } from "./nadam.ts";
export { nesterov, type NesterovOptions } from "./nesterov.ts";
export { orthogonalize } from "./orthogonalize.ts";
export { rmsprop, type RmspropOptions } from "./rmsprop.ts";
export { sgd } from "./sgd.ts";

/** Entries of the optimizers that can update any parameter, by name. */
export const generalOptimizerTable = {
  sgd: sgdEntry,
  momentum: momentumEntry,
  nesterov: nesterovEntry,
  rmsprop: rmspropEntry,
  adagrad: adagradEntry,
  adadelta: adadeltaEntry,
  adam: adamEntry,
  amsgrad: amsgradEntry,
  adamw: adamwEntry,
  nadam: nadamEntry,
  lion: lionEntry,
  lamb: lambEntry,
};

/**
 * Entries of optimizers by name: those that can update any parameter, and Muon, which leaves some
 * parameters to another optimizer.
 */
export const optimizerTable: typeof generalOptimizerTable & {
  readonly muon: Entry<
    MuonOptions<Tagged<"name", typeof generalOptimizerTable>>,
    Optimizer<"velocity">
  >;
} = {
  ...generalOptimizerTable,
  muon: muonEntry(registry("optimizer", generalOptimizerTable)),
};

/** Optimizers by their names in a config. */
export const optimizers: Registry<typeof optimizerTable> = registry("optimizer", optimizerTable);
