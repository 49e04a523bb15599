/**
 * Time by operation of programs whose workers timed some of the steps: what a run knows of its own steps
 * without a profile.
 *
 * @module
 */

import { operationsOf } from "../../engine/program/cost.ts";
import type { StepTimes } from "../../engine/workers/stopwatch.ts";
import type { OperationTime } from "../../run/timing.ts";
import { sum } from "../../tensor/math/statistics.ts";
import { placeOf, WAITING_PLACE } from "./rows.ts";

/** A program of training steps, and how long its calls took. */
export interface TimedProgram {
  /** What each call is for. */
  readonly labels: readonly string[];
  /** How long the calls took in the steps that were timed. */
  readonly times: StepTimes;
  /** Samples a step. */
  readonly batch: number;
}

/**
 * Returns the time of each operation a step, in the order in which they run, and of waiting where workers
 * do: the mean over all steps of the programs that were timed, each program counting by its steps.
 */
export function operationTimes(programs: readonly TimedProgram[]): readonly OperationTime[] {
  const timed = programs.filter(({ times }) => times.timed > 0);
  const steps = sum(timed.map(({ times }) => times.steps));
  const all = timed.flatMap(({ labels, times }): readonly OperationTime[] => {
    const weight = times.steps / steps;
    const operations = operationsOf({ labels }).map(({ label, calls }) => ({
      ...placeOf(label),
      microseconds: weight * sum(calls.map((call) => times.calls[call])),
    }));
    const waiting = { ...WAITING_PLACE, microseconds: weight * times.waiting };
    return times.waiting > 0 ? [...operations, waiting] : operations;
  });
  const places = Map.groupBy(all, ({ microseconds: _, ...place }) => JSON.stringify(place));
  return [...places.values()].map((same) => ({
    ...same[0],
    microseconds: Math.round(1000 * sum(same.map(({ microseconds }) => microseconds))) / 1000,
  }));
}
