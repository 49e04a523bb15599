/**
 * Schedules: the learning rate of each step.
 *
 * @module
 */

import { type Registry, registry } from "../../config/registry.ts";
import { constantEntry } from "./constant.ts";
import { cosineEntry } from "./cosine.ts";

export type { Schedule, ScheduledRun } from "./schedule.ts";
export { constant, type ConstantOptions } from "./constant.ts";
export { cosine, type CosineOptions } from "./cosine.ts";

/** The entries by name. */
export const scheduleTable = { constant: constantEntry, cosine: cosineEntry };

/** Schedules by their names in a config. */
export const schedules: Registry<typeof scheduleTable> = registry("schedule", scheduleTable);
