import type { ScoreRecord } from "../../evaluate/evaluation.ts";
import type { Metric } from "../../evaluate/monitor.ts";

/** The run that a schedule is asked about. */
export interface ScheduledRun {
  /** Steps in all. */
  readonly steps: number;
  /** Steps to an epoch. */
  readonly stepsPerEpoch: number;
  /**
   * Scores so far, in the order of their steps. A rate may depend on those of earlier steps alone, so
   * that it is the same when training has gone on.
   */
  readonly scores: readonly ScoreRecord[];
}

/**
 * Learning rate of a step, from 1 to the number of steps: a pure function, computed in double
 * precision from + − × ÷ and the project's own functions, so that all machines agree.
 */
export interface Schedule {
  (step: number, run: ScheduledRun): number;
  /** The scores that rates depend on, which training must have; none if not given. */
  readonly watches?: Metric | undefined;
}
