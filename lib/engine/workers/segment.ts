/**
 * Executes a segment on a worker with a clock: some steps are timed, or all are recorded.
 *
 * The times of a timed step add up to its wall time, as one worker measures it. A worker that the system has
 * put to sleep begins or ends a step late, while others claim its partitions. Then it has not measured the
 * whole step, and its times are discarded.
 *
 * @module
 */

import { PHASE_WORD, STOPPED } from "./protocol.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Recorder, Tape } from "./tape.ts";
import { type Executor, runPhases } from "./barrier.ts";

/** Executors of one program on one worker: one without times, and one whose times go to the stopwatch. */
export interface TimedExecutor {
  readonly plain: Executor;
  readonly timed: Executor;
  readonly stopwatch: Stopwatch;
}

/**
 * Executes a segment of the steps from `from` up to but not including `to`, and measures the times of the
 * steps that the stopwatch selects, one in 64. Returns `to`, or the first step not executed after a stop.
 */
export function runTimedSegment(executor: TimedExecutor, from: number, to: number): number {
  const { plain, stopwatch } = executor;
  let step = from;
  while (step < to) {
    const due = Math.min(to, step + stopwatch.stepsUntilDue(step - from));
    const until = Math.max(due, step + 1);
    const reached = due === step ? timeStep(executor, from, step) : runPhases(plain, from, due);
    step = reached;
    if (reached < until) break; // the machine was stopped
  }
  stopwatch.endSegment(step - from);
  return step;
}

/**
 * Executes and times one step of the segment that began with step `segmentStart`. Discards the times unless
 * the worker measured the whole step. Returns the first step not executed.
 */
function timeStep(
  { timed, stopwatch }: TimedExecutor,
  segmentStart: number,
  step: number,
): number {
  const { control, worker, phasesOf } = timed;
  const phases = phasesOf(worker).length;
  const first = (step - segmentStart) * phases;
  const isThere = Atomics.load(control, PHASE_WORD) === first;
  stopwatch.startStep();
  const reached = runPhases(timed, segmentStart, step + 1);
  const phase = Atomics.load(control, PHASE_WORD);
  const isNext = phase === first + phases || phase === STOPPED && reached === step + 1;
  stopwatch.endStep(isThere && isNext);
  return reached;
}

/** Executors of one program on one worker: one without times, and one whose times go to the recorder. */
export interface RecordedExecutor {
  readonly plain: Executor;
  readonly recorded: Executor;
  readonly recorder: Recorder;
}

/**
 * Executes a segment of the steps from `from` up to but not including `to`, and records every step on a tape.
 * Returns `to`, or the first step not executed after a stop. Each worker computes only its own partitions, so
 * that the time between two marks is always the time of its own calls.
 */
export function runRecordedSegment(
  { plain, recorded, recorder }: RecordedExecutor,
  tape: Tape,
  from: number,
  to: number,
): number {
  const isWatched = tape.detail === "calls";
  const executor = { ...(isWatched ? recorded : plain), ownOnly: true };
  recorder.load(tape);
  for (let step = from; step < to; step++) {
    if (!isWatched) recorder.onWaitEnd();
    const reached = runPhases(executor, from, step + 1);
    recorder.onWaitEnd();
    if (reached <= step) return reached; // the machine was stopped
  }
  return to;
}
