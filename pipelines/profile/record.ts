import {
  intervalTimes,
  readTimelines,
  type Timeline,
} from "../../lib/analysis/profile/timeline.ts";
import type { Machine, Segment } from "../../lib/engine/backend.ts";
import type { Program } from "../../lib/engine/program/program.ts";
import { makeTapes } from "../../lib/engine/workers/tape.ts";
import { origin } from "../../lib/io/clock.ts";

/** A program that is timed, and the machine that executes it, which was opened with a clock. */
export interface MeasuredProgram {
  readonly machine: Machine;
  readonly program: Program;
  /** Number of workers of the machine. */
  readonly workers: number;
}

/**
 * Runs a segment of steps, and returns a timeline for each worker: the moments at which each kernel call of
 * each step ended.
 */
export async function timeCalls(
  { machine, program, workers }: MeasuredProgram,
  segment: Segment,
): Promise<readonly Timeline[]> {
  const steps = segment.to - segment.from;
  const tapes = makeTapes("calls", { workers, steps, calls: program.calls.length });
  await machine.run({ ...segment, tapes });
  return readTimelines(tapes, steps, origin);
}

/**
 * Runs a segment of steps with one timestamp per step, and returns the time [µs] of each step on the first
 * worker.
 */
export async function timeSteps(
  { machine, workers }: Omit<MeasuredProgram, "program">,
  segment: Segment,
): Promise<Float64Array> {
  const steps = segment.to - segment.from;
  const tapes = makeTapes("steps", { workers, steps, calls: 0 });
  await machine.run({ ...segment, tapes });
  return intervalTimes(readTimelines(tapes, steps, origin)[0], 0);
}
