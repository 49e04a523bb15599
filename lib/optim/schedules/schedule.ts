/**
 * The type of learning-rate schedules.
 *
 * @module
 */
import type { ScoreRecord } from "../../evaluate/evaluation.ts";
import type { Metric } from "../../evaluate/monitor.ts";

/**
 * The length of a run, and its scores so far. With gradient accumulation, `steps`, `stepsPerEpoch` and the steps of
 * scores are numbers of updates.
 */
export interface ScheduledRun {
  /** Total number of steps. */
  readonly steps: number;
  /** Number of steps in an epoch. */
  readonly stepsPerEpoch: number;
  /**
   * Scores so far, in the order of their steps. A rate may depend only on scores of earlier steps, so that
   * it is the same whenever it is computed.
   */
  readonly scores: readonly ScoreRecord[];
}

/**
 * A function that returns the learning rate of a step, from 1 to the number of steps. It is pure, and is
 * computed in double precision with + − × ÷ and the project's own functions, so that all machines agree.
 */
export interface Schedule {
  (step: number, run: ScheduledRun): number;
  /** Metric that rates depend on, which training must compute. Defaults to none. */
  readonly watches?: Metric | undefined;
}
