/**
 * Profiles: the timelines of workers, put together by operation.
 *
 * @module
 */

import { type Cost, operationsOf } from "../../engine/program/cost.ts";
import type { Program } from "../../engine/program/program.ts";
import { mean, median, sum } from "../../tensor/math/statistics.ts";
import { intervalTimes, stepsOf, type Timeline } from "./timeline.ts";

/** An operation, what it costs and how long it takes. */
export interface ProfiledOperation extends Cost {
  readonly label: string;
  /** Time a step in microseconds, the mean over the workers. */
  readonly time: number;
  /** Time of the worker that takes longest: rates are those of all workers together over it. */
  readonly longest: number;
}

/** Where the time of a step goes. */
export interface Profile {
  /** In the order in which they run. */
  readonly operations: readonly ProfiledOperation[];
  /** Time that workers wait for each other, the mean over the workers, in microseconds. */
  readonly waiting: number;
  /** Sum of the times, waiting included. */
  readonly time: number;
  readonly workers: number;
  /** Number of recorded steps. */
  readonly steps: number;
}

/** Median time of each call in microseconds, by its index in the program; barriers all together. */
function timePerCall(timeline: Timeline, clock: number): ReadonlyMap<number | undefined, number> {
  const times = new Map<number | undefined, number>();
  for (const [index, call] of timeline.intervals.entries()) {
    // each interval contains one look at the clock
    const time = Math.max(0, median(intervalTimes(timeline, index)) - clock);
    times.set(call, (times.get(call) ?? 0) + time);
  }
  return times;
}

/**
 * Puts the timelines of a program's workers together.
 *
 * @param clock what a look at the clock takes, in microseconds
 * @param costs of the operations, as `costsOf` gives them
 */
export function profileOf(
  program: Pick<Program, "calls" | "labels">,
  timelines: readonly Timeline[],
  { clock, costs }: { readonly clock: number; readonly costs: readonly Cost[] },
): Profile {
  const workers = timelines.length;
  const spent = timelines.map((timeline) => timePerCall(timeline, clock));
  const operations = operationsOf(program).map(({ label, calls }, index) => {
    const times = spent.map((perCall) => sum(calls.map((call) => perCall.get(call) ?? 0)));
    return { label, ...costs[index], time: mean(times), longest: Math.max(...times) };
  });
  const waiting = mean(spent.map((perCall) => perCall.get(undefined) ?? 0));
  const time = sum(operations.map(({ time }) => time)) + waiting;
  return { operations, waiting, time, workers, steps: stepsOf(timelines[0]) };
}
