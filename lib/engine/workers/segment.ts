/**
 * How a worker that has a stopwatch goes through a segment: as any other does, but for the steps that are
 * timed.
 *
 * The times of a timed step add up to its time by the wall, as one worker sees it. A worker that the system
 * has put to sleep comes late to the step, or leaves it late, while others take its shares; then it has
 * not seen the whole of it, and what it took down does not count.
 *
 * @module
 */

import { STOPPED_TURN, TURN_WORD } from "./protocol.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { type Shared, walkTogether } from "./barrier.ts";

/** One worker's view of a program of which some steps are timed. */
export interface TimedShared {
  /** As it is walked in most steps. */
  readonly plain: Shared;
  /** As it is walked in those that are timed. */
  readonly timed: Shared;
  /** The stopwatch, which the timed one tells of its calls. */
  readonly stopwatch: Stopwatch;
}

/** Walks a segment together with the other workers; returns the step they stopped before. */
export function walkTimed(shared: TimedShared, from: number, to: number): number {
  const { plain, stopwatch } = shared;
  let step = from;
  while (step < to) {
    const due = Math.min(to, step + stopwatch.untilDue(step - from));
    const until = Math.max(due, step + 1);
    const reached = due === step ? timeStep(shared, from, step) : walkTogether(plain, from, due);
    step = reached;
    if (reached < until) break; // they were stopped
  }
  stopwatch.end(step - from);
  return step;
}

/** Walks and times a step of a segment; returns the step that the workers have reached then. */
function timeStep({ timed, stopwatch }: TimedShared, from: number, step: number): number {
  const { control, worker, phasesOf } = timed;
  const phases = phasesOf(worker).length;
  const first = (step - from) * phases;
  const isThere = Atomics.load(control, TURN_WORD) === first;
  stopwatch.start();
  const reached = walkTogether(timed, from, step + 1);
  const turn = Atomics.load(control, TURN_WORD);
  const isNext = turn === first + phases || turn === STOPPED_TURN && reached === step + 1;
  stopwatch.finish(isThere && isNext);
  return reached;
}
