import type { ScheduledRun } from "../schedules/mod.ts";

/**
 * Weight w of the parameters after a step in their running mean, 0 to 1:
 *
 *     mean' = (1 − w) mean + w parameters
 *
 * A pure function of the step, from 1, and of the run's length. At 1 the mean begins anew.
 */
export type Averaging = (
  step: number,
  run: Pick<ScheduledRun, "steps" | "stepsPerEpoch">,
) => number;
