/**
 * Times of programs that were walked, put together by operation: what a run knows of its own steps without
 * a profile.
 *
 * @module
 */

import type { StepTimes } from "../../engine/workers/stopwatch.ts";
import type { OperationTime } from "../../run/timing.ts";
import { operationsOf } from "../../engine/program/cost.ts";
import { type Place, placeOf, WAITING_PLACE } from "./rows.ts";

/** A program of training steps, and how long its calls took. */
export interface WalkedProgram {
  /** What each call is for. */
  readonly labels: readonly string[];
  /** How long the calls took in the steps that were timed. */
  readonly times: StepTimes;
  /** Samples a step. */
  readonly batch: number;
}

/**
 * Time of each operation a step, in the order in which they run, and of waiting where workers do: the mean
 * over all steps of the programs that were timed, each program counting by its steps.
 */
export function operationTimes(programs: readonly WalkedProgram[]): readonly OperationTime[] {
  const timed = programs.filter(({ times }) => times.timed > 0);
  const steps = timed.reduce((sum, { times }) => sum + times.steps, 0);
  const sums = new Map<string, Place & { microseconds: number }>();
  const add = (place: Place, microseconds: number) => {
    const key = JSON.stringify(place);
    const known = sums.get(key);
    if (known === undefined) sums.set(key, { ...place, microseconds });
    else known.microseconds += microseconds;
  };
  for (const { labels, times } of timed) {
    const weight = times.steps / steps;
    for (const { label, calls } of operationsOf({ labels })) {
      const time = calls.reduce((sum, call) => sum + times.calls[call], 0);
      add(placeOf(label), weight * time);
    }
    if (times.waiting > 0) add(WAITING_PLACE, weight * times.waiting);
  }
  return [...sums.values()].map(({ microseconds, ...place }) => ({
    ...place,
    microseconds: Math.round(1000 * microseconds) / 1000,
  }));
}
