/**
 * Timelines of workers: the times of calls and barriers in each step, read from the workers' tapes.
 *
 * @module
 */

import { readTape, type Tape } from "../../engine/workers/tape.ts";

/** The recorded steps of a worker. */
export interface Timeline {
  /** The call of each interval of a step, as an index in the program; undefined for a barrier. */
  readonly intervals: readonly (number | undefined)[];
  /** For each step, its beginning and the end of each interval [µs]. */
  readonly moments: Float64Array;
}

/**
 * Returns a timeline for each worker. A step recorded as a whole is one interval; a single worker does not
 * wait after its last call.
 *
 * @param tapes one for each worker
 * @param steps number of recorded steps
 * @param origin origin of the times [µs since 1970]
 */
export function timelinesOf(
  tapes: readonly Tape[],
  steps: number,
  origin: number,
): readonly Timeline[] {
  return tapes.map((tape) => {
    const marks = readTape(tape, origin);
    const perStep = marks.length / steps;
    const isAlone = tapes.length === 1 && tape.detail === "calls";
    const kept = isAlone ? perStep - 1 : perStep;
    return {
      intervals: marks.slice(1, kept).map(({ call }) => call),
      moments: Float64Array.from(
        marks.filter((_, index) => index % perStep < kept),
        ({ moment }) => moment,
      ),
    };
  });
}

/** Returns the number of steps of a timeline. */
export function stepsOf({ intervals, moments }: Timeline): number {
  return moments.length / (intervals.length + 1);
}

/** Returns the times of an interval [µs], one for each step. */
export function intervalTimes(timeline: Timeline, interval: number): Float64Array {
  const perStep = timeline.intervals.length + 1;
  return Float64Array.from({ length: stepsOf(timeline) }, (_, step) => {
    const begin = step * perStep + interval;
    return timeline.moments[begin + 1] - timeline.moments[begin];
  });
}
