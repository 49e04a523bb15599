/**
 * Learning-rate schedules, one file each.
 *
 * @module
 */
import { type Entry, type Registry, registry, type Tagged } from "../../config/registry.ts";
import type { Schedule } from "./schedule.ts";
import type { WarmUpOptions } from "./warm_up.ts";
import { constantEntry } from "./constant.ts";
import { cosineEntry } from "./cosine.ts";
import { exponentialEntry } from "./exponential.ts";
import { inverseSquareRootEntry } from "./inverse_square_root.ts";
import { linearEntry } from "./linear.ts";
import { oneCycleEntry } from "./one_cycle.ts";
import { plateauEntry } from "./plateau.ts";
import { polynomialEntry } from "./polynomial.ts";
import { stepEntry } from "./step.ts";
import { warmUpEntry } from "./warm_up.ts";

export type { Schedule, ScheduledRun } from "./schedule.ts";
export { constantRate, type ConstantRateOptions } from "./constant.ts";
export { cosine, type CosineOptions } from "./cosine.ts";
export { exponentialRate, type ExponentialRateOptions } from "./exponential.ts";
export { inverseSquareRoot, type InverseSquareRootOptions } from "./inverse_square_root.ts";
export { linearRate, type LinearRateOptions } from "./linear.ts";
export { oneCycle, type OneCycleOptions } from "./one_cycle.ts";
export { plateau, type PlateauOptions } from "./plateau.ts";
export { polynomial, type PolynomialOptions } from "./polynomial.ts";
export { stepRate, type StepRateOptions } from "./step.ts";
export { warmUp, type WarmUpOptions } from "./warm_up.ts";

/** Entries of the schedules that may follow a warm-up, by name. */
export const plainScheduleTable = {
  constant: constantEntry,
  step: stepEntry,
  exponential: exponentialEntry,
  cosine: cosineEntry,
  linear: linearEntry,
  polynomial: polynomialEntry,
  oneCycle: oneCycleEntry,
  inverseSquareRoot: inverseSquareRootEntry,
  plateau: plateauEntry,
};

/** Entries of schedules by name. */
export const scheduleTable: typeof plainScheduleTable & {
  readonly warmUp: Entry<WarmUpOptions<Tagged<"name", typeof plainScheduleTable>>, Schedule>;
} = {
  ...plainScheduleTable,
  warmUp: warmUpEntry(registry("schedule", plainScheduleTable)),
};

/** Schedules by their names in a config. */
export const schedules: Registry<typeof scheduleTable> = registry("schedule", scheduleTable);
