/**
 * Timelines: what workers have recorded on tapes, as intervals that each step has.
 *
 * @module
 */

import { readTape, type Tape } from "../../engine/workers/tape.ts";

/** The steps of a worker. */
export interface Timeline {
  /** What each interval of a step was: the index of a call in the program, or none for a barrier. */
  readonly intervals: readonly (number | undefined)[];
  /** Of each step its begin and the end of each interval, in microseconds. */
  readonly moments: Float64Array;
}

/**
 * Returns a timeline for each worker. A step that was recorded as a whole is one interval; a worker that is
 * alone does not wait after its last call.
 *
 * @param tapes one for each worker
 * @param steps how many steps were recorded
 * @param origin of the times, in microseconds since 1970
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

/** Times of an interval in microseconds, one for each step. */
export function intervalTimes(timeline: Timeline, interval: number): Float64Array {
  const perStep = timeline.intervals.length + 1;
  return Float64Array.from({ length: stepsOf(timeline) }, (_, step) => {
    const begin = step * perStep + interval;
    return timeline.moments[begin + 1] - timeline.moments[begin];
  });
}
