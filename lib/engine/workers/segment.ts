/**
 * Executes a segment on a worker with a clock: some steps are timed, or all are recorded.
 *
 * The times of a timed step add up to its wall time, as one worker measures it. If the system has put a
 * worker to sleep, it begins or ends a step late, while others claim its partitions. Then it has not
 * measured the whole step, and its times are discarded.
 *
 * @module
 */

import { PHASE_WORD, STOPPED } from "./protocol.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Recorder, Tape } from "./tape.ts";
import { type Executor, runPhases } from "./barrier.ts";

/** A worker's view of a program, with and without a stopwatch. */
export interface TimedExecutor {
  readonly plain: Executor;
  readonly timed: Executor;
  readonly stopwatch: Stopwatch;
}

/** Executes a segment, timing the steps that are due; returns `to`, or the first step not run after a stop. */
export function runTimed(executor: TimedExecutor, from: number, to: number): number {
  const { plain, stopwatch } = executor;
  let step = from;
  while (step < to) {
    const due = Math.min(to, step + stopwatch.untilDue(step - from));
    const until = Math.max(due, step + 1);
    const reached = due === step ? timeStep(executor, from, step) : runPhases(plain, from, due);
    step = reached;
    if (reached < until) break; // the machine was stopped
  }
  stopwatch.end(step - from);
  return step;
}

function timeStep({ timed, stopwatch }: TimedExecutor, from: number, step: number): number {
  const { control, worker, phasesOf } = timed;
  const phases = phasesOf(worker).length;
  const first = (step - from) * phases;
  const isThere = Atomics.load(control, PHASE_WORD) === first;
  stopwatch.start();
  const reached = runPhases(timed, from, step + 1);
  const phase = Atomics.load(control, PHASE_WORD);
  const isNext = phase === first + phases || phase === STOPPED && reached === step + 1;
  stopwatch.finish(isThere && isNext);
  return reached;
}

/** A worker's view of a program, with and without a recorder. */
export interface RecordedExecutor {
  readonly plain: Executor;
  readonly recorded: Executor;
  readonly recorder: Recorder;
}

/**
 * Executes a segment and records every step on a tape; returns `to`, or the first step not run after a stop.
 * Each worker computes only its own partitions, so the time between two marks is always that of its own.
 */
export function runRecorded(
  { plain, recorded, recorder }: RecordedExecutor,
  tape: Tape,
  from: number,
  to: number,
): number {
  const isWatched = tape.detail === "calls";
  const executor = { ...(isWatched ? recorded : plain), ownOnly: true };
  recorder.load(tape);
  for (let step = from; step < to; step++) {
    if (!isWatched) recorder.wait();
    const reached = runPhases(executor, from, step + 1);
    recorder.wait();
    if (reached <= step) return reached; // the machine was stopped
  }
  return to;
}
