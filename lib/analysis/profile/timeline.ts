/**
 * Reads the timelines of workers, which are the times of kernel calls and barriers in each step, from the workers'
 * tapes.
 *
 * @module
 */

import { readTape, type Tape } from "../../engine/workers/tape.ts";

/** Times of a worker in all measured training steps. Each step is divided into the same intervals. */
export interface Timeline {
  /** Index, in the program, of the kernel call in each interval of a step; undefined for a wait at a barrier. */
  readonly intervals: readonly (number | undefined)[];
  /**
   * Beginning of each step, followed by the end of each of its intervals [µs]: (intervals + 1) numbers for each
   * step.
   */
  readonly moments: Float64Array;
}

/**
 * Returns the timeline of each worker. If the tapes have no kernel calls, each step is a single interval. The
 * barrier at the end of a step is omitted for a single worker, which waits for no other.
 *
 * @param tapes tape on which each worker recorded its times
 * @param steps number of measured steps
 * @param origin moment from which times count [µs since 1970]
 */
export function readTimelines(
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
export function countSteps({ intervals, moments }: Timeline): number {
  return moments.length / (intervals.length + 1);
}

/**
 * Returns the duration [µs] of one interval in each of the steps.
 *
 * @param interval index of the interval within a step
 */
export function intervalTimes(timeline: Timeline, interval: number): Float64Array {
  const perStep = timeline.intervals.length + 1;
  return Float64Array.from({ length: countSteps(timeline) }, (_, step) => {
    const begin = step * perStep + interval;
    return timeline.moments[begin + 1] - timeline.moments[begin];
  });
}
