/**
 * Computes the time by operation from the steps that workers timed during training, without a profile.
 *
 * @module
 */

import { groupCallsByLabel } from "../../engine/program/cost.ts";
import type { StepTimes } from "../../engine/workers/stopwatch.ts";
import type { OperationTime } from "../../run/timing.ts";
import { sum } from "../../tensor/math/statistics.ts";
import { placeOf, WAITING_PLACE } from "./rows.ts";

/** A program of training steps with the times of its calls. */
export interface TimedProgram {
  /** Label of each call. */
  readonly labels: readonly string[];
  /** Times of the calls in the timed steps. */
  readonly times: StepTimes;
  /** Samples per step. */
  readonly batch: number;
}

/**
 * Returns the time per step of each operation, in execution order, and of waiting for other workers: means
 * over the timed programs, weighted by their numbers of steps.
 */
export function operationTimes(programs: readonly TimedProgram[]): readonly OperationTime[] {
  const timed = programs.filter(({ times }) => times.timed > 0);
  const steps = sum(timed.map(({ times }) => times.steps));
  const all = timed.flatMap(({ labels, times }): readonly OperationTime[] => {
    const weight = times.steps / steps;
    const operations = groupCallsByLabel({ labels }).map(({ label, calls }) => ({
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
