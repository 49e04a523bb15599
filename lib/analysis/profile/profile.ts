/**
 * Combines the timelines of workers into a profile: the time of each operation in a training step.
 *
 * @module
 */

import { type Cost, groupCallsByLabel } from "../../engine/program/cost.ts";
import type { Program } from "../../engine/program/program.ts";
import { mean, median, sum } from "../../tensor/math/statistics.ts";
import { countSteps, intervalTimes, type Timeline } from "./timeline.ts";

/** Cost and measured time of an operation. */
export interface ProfiledOperation extends Cost {
  /** Label of the kernel calls that compute the operation. */
  readonly label: string;
  /** Time per step [µs], the mean over the workers. */
  readonly time: number;
  /**
   * Time per step of the slowest worker [µs]. The cost divided by this time is the rate of all workers
   * together.
   */
  readonly longest: number;
}

/** Time of a training step, divided among its operations. */
export interface Profile {
  /** Operations in the order of execution. */
  readonly operations: readonly ProfiledOperation[];
  /** Time per step in which a worker waits for others [µs], the mean over the workers. */
  readonly waiting: number;
  /** Time of a step [µs], the sum over its operations and waiting. */
  readonly time: number;
  readonly workers: number;
  /** Number of measured steps. */
  readonly steps: number;
}

/**
 * Returns the median time of each kernel call over the steps [µs], by the index of the call in the program. The
 * key undefined has the sum of the median waits at barriers.
 *
 * @param clock time that reading the clock takes [µs], which is subtracted from each interval
 */
function medianCallTimes(
  timeline: Timeline,
  clock: number,
): ReadonlyMap<number | undefined, number> {
  const times = new Map<number | undefined, number>();
  for (const [index, call] of timeline.intervals.entries()) {
    // each interval includes one reading of the clock
    const time = Math.max(0, median(intervalTimes(timeline, index)) - clock);
    times.set(call, (times.get(call) ?? 0) + time);
  }
  return times;
}

/**
 * Combines the timelines of a program's workers into a profile.
 *
 * @param timelines timeline of each worker
 * @param clock time that reading the clock takes [µs]
 * @param costs cost of each operation, in the order of execution
 */
export function combineTimelines(
  program: Pick<Program, "calls" | "labels">,
  timelines: readonly Timeline[],
  { clock, costs }: { readonly clock: number; readonly costs: readonly Cost[] },
): Profile {
  const workers = timelines.length;
  const spent = timelines.map((timeline) => medianCallTimes(timeline, clock));
  const operations = groupCallsByLabel(program).map(({ label, calls }, index) => {
    const times = spent.map((perCall) => sum(calls.map((call) => perCall.get(call) ?? 0)));
    return { label, ...costs[index], time: mean(times), longest: Math.max(...times) };
  });
  const waiting = mean(spent.map((perCall) => perCall.get(undefined) ?? 0));
  const time = sum(operations.map(({ time }) => time)) + waiting;
  return { operations, waiting, time, workers, steps: countSteps(timelines[0]) };
}
