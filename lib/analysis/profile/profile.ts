/**
 * Combines the timelines of workers into a profile by operation.
 *
 * @module
 */

import { type Cost, groupCallsByLabel } from "../../engine/program/cost.ts";
import type { Program } from "../../engine/program/program.ts";
import { mean, median, sum } from "../../tensor/math/statistics.ts";
import { intervalTimes, stepsOf, type Timeline } from "./timeline.ts";

/** An operation with its cost and time. */
export interface ProfiledOperation extends Cost {
  readonly label: string;
  /** Time per step [µs], the mean over the workers. */
  readonly time: number;
  /** Time per step of the slowest worker [µs], over which rates of all workers together are computed. */
  readonly longest: number;
}

/** The time of a step by operation. */
export interface Profile {
  /** Operations in execution order. */
  readonly operations: readonly ProfiledOperation[];
  /** Time that workers wait for each other [µs], the mean over the workers. */
  readonly waiting: number;
  /** Sum of the times, including waiting [µs]. */
  readonly time: number;
  readonly workers: number;
  /** Number of recorded steps. */
  readonly steps: number;
}

/** Returns the median time of each call [µs], by its index in the program; all barriers are summed. */
function timePerCall(timeline: Timeline, clock: number): ReadonlyMap<number | undefined, number> {
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
 * @param clock time to read the clock [µs]
 * @param costs costs of the operations: see `computeOperationCosts`
 */
export function profileOf(
  program: Pick<Program, "calls" | "labels">,
  timelines: readonly Timeline[],
  { clock, costs }: { readonly clock: number; readonly costs: readonly Cost[] },
): Profile {
  const workers = timelines.length;
  const spent = timelines.map((timeline) => timePerCall(timeline, clock));
  const operations = groupCallsByLabel(program).map(({ label, calls }, index) => {
    const times = spent.map((perCall) => sum(calls.map((call) => perCall.get(call) ?? 0)));
    return { label, ...costs[index], time: mean(times), longest: Math.max(...times) };
  });
  const waiting = mean(spent.map((perCall) => perCall.get(undefined) ?? 0));
  const time = sum(operations.map(({ time }) => time)) + waiting;
  return { operations, waiting, time, workers, steps: stepsOf(timelines[0]) };
}
