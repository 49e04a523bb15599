/**
 * How a worker that has a clock executes a segment: as any other does, but for the steps that are timed.
 *
 * The times of a timed step add up to its time by the wall, as one worker sees it. A worker that the system
 * has put to sleep comes late to the step, or leaves it late, while others claim its partitions; then it has
 * not seen the whole of it, and what it took down does not count.
 *
 * @module
 */

import { PHASE_WORD, STOPPED } from "./protocol.ts";
import type { Stopwatch } from "./stopwatch.ts";
import type { Recorder, Tape } from "./tape.ts";
import { type Executor, runPhases } from "./barrier.ts";

export interface TimedExecutor {
  readonly plain: Executor;
  readonly timed: Executor;
  readonly stopwatch: Stopwatch;
}

/** Executes a segment together with the other workers; returns the step they stopped before. */
export function runTimed(executor: TimedExecutor, from: number, to: number): number {
  const { plain, stopwatch } = executor;
  let step = from;
  while (step < to) {
    const due = Math.min(to, step + stopwatch.untilDue(step - from));
    const until = Math.max(due, step + 1);
    const reached = due === step ? timeStep(executor, from, step) : runPhases(plain, from, due);
    step = reached;
    if (reached < until) break; // they were stopped
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

/** One worker's view of a program of which every step is recorded. */
export interface RecordedExecutor {
  readonly plain: Executor;
  readonly recorded: Executor;
  readonly recorder: Recorder;
}

/**
 * Executes a segment together with the other workers and records it; returns the step they stopped before.
 * Each worker computes only its own partitions, so that all that lies between two marks is its own.
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
    if (reached <= step) return reached; // they were stopped
  }
  return to;
}
