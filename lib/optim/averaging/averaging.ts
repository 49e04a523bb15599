/**
 * The type of averagings.
 *
 * @module
 */
import type { ScheduledRun } from "../schedules/mod.ts";

/**
 * A function that returns the weight w, from 0 to 1, of the parameters after a step in their running mean:
 *
 *     mean' = (1 − w) mean + w parameters
 *
 * It is a pure function of the step's number, from 1, and of the run's length. With w = 1, the mean is
 * replaced by the parameters. With gradient accumulation, updates are counted instead of steps.
 */
export type Averaging = (
  step: number,
  run: Pick<ScheduledRun, "steps" | "stepsPerEpoch">,
) => number;
