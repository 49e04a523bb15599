/**
 * Computes the time of each operation from the training steps in which workers measured the times of their calls.
 *
 * @module
 */

import { groupCallsByLabel } from "../../engine/program/cost.ts";
import type { StepTimes } from "../../engine/workers/stopwatch.ts";
import type { OperationTime } from "../../run/timing.ts";
import { sum } from "../../tensor/math/statistics.ts";
import { parseCallLabel, WAITING_IDENTITY } from "./rows.ts";

/** Labels and measured times of the kernel calls of a program that runs training steps. */
export interface TimedProgram {
  /** Label of each call, in the order of execution. */
  readonly labels: readonly string[];
  /** Times of the calls in the measured steps. */
  readonly times: StepTimes;
}

/**
 * Returns the time per step of each operation, in the order of execution, and of waiting for other workers. A
 * training has a program for each size of batch; times are means over the measured programs, weighted by their
 * numbers of steps.
 */
export function operationTimes(programs: readonly TimedProgram[]): readonly OperationTime[] {
  const timed = programs.filter(({ times }) => times.timed > 0);
  const steps = sum(timed.map(({ times }) => times.steps));
  const all = timed.flatMap(({ labels, times }): readonly OperationTime[] => {
    const weight = times.steps / steps;
    const operations = groupCallsByLabel({ labels }).map(({ label, calls }) => ({
      ...parseCallLabel(label),
      microseconds: weight * sum(calls.map((call) => times.calls[call])),
    }));
    const waiting = { ...WAITING_IDENTITY, microseconds: weight * times.waiting };
    return times.waiting > 0 ? [...operations, waiting] : operations;
  });
  const places = Map.groupBy(all, ({ microseconds: _, ...place }) => JSON.stringify(place));
  return [...places.values()].map((same) => ({
    ...same[0],
    microseconds: Math.round(1000 * sum(same.map(({ microseconds }) => microseconds))) / 1000,
  }));
}
