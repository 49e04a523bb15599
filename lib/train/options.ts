/**
 * Options and callbacks of a fit.
 *
 * @module
 */
import type { Metric } from "../evaluate/monitor.ts";
import type { Score } from "../evaluate/evaluation.ts";
import type { Schedule } from "../optim/schedules/mod.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { EarlyStopping } from "./early_stopping.ts";
import type { Training } from "./session.ts";
import type { ParameterValue } from "./state.ts";

/** Options of a fit: the training, its length, where it starts, and callbacks. */
export interface FitOptions extends Training {
  /** Schedule of the learning rate. */
  readonly learningRate: Schedule;
  /** Number of passes over the training split. */
  readonly epochs: number;
  /** Interval between validations. Defaults to one epoch. */
  readonly validateEvery?: Every | undefined;
  /** Early stopping. Defaults to none. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /**
   * Metric that ranks checkpoints. `onBest` receives every checkpoint that is the best so far, and early
   * stopping can restore it. Defaults to the metric of early stopping.
   */
  readonly best?: Metric | undefined;
  /** Initial parameters by name. Defaults to random ones, determined by the seed. */
  readonly initial?: ReadonlyMap<string, ParameterValue> | undefined;
  /** Checkpoint to resume from. Defaults to none: training starts at its first step. */
  readonly from?: Checkpoint;
  /**
   * Best checkpoint before `from`: the last one that `onBest` received before the interruption. Required if a
   * metric ranks checkpoints and an earlier one than `from` was the best so far.
   */
  readonly fromBest?: Checkpoint | undefined;
  /** Signal that, when aborted, ends the fit after the current step. */
  readonly signal?: AbortSignal;
  /** Called before the first step, with functions that report progress and request checkpoints. */
  readonly onStart?: (running: RunningFit) => void;
  /** Called at the end of each epoch with its scores; awaited before the next step. */
  readonly onEpoch?: (epoch: EpochRecord) => void | Promise<void>;
  /**
   * Called at the end of each epoch, after a stop and on request; awaited before the next step. At the end of
   * an epoch, it also receives the epoch's record.
   */
  readonly onCheckpoint?: (checkpoint: Checkpoint, epoch?: EpochRecord) => Promise<void>;
  /** Called with each checkpoint that is the best so far, before `onCheckpoint`; awaited. */
  readonly onBest?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
}

/** Control of a running fit. */
export interface RunningFit {
  /** Returns the progress so far. */
  progress(): Progress;
  /** Requests a checkpoint after the current step. Training continues; its results do not change. */
  requestCheckpoint(): void;
}

/**
 * An interval between validations, in epochs or in steps. The last step of training always ends an interval.
 */
export type Every = { readonly epochs: number } | { readonly steps: number };

/** The progress of a running fit. */
export interface Progress {
  /** Number of the running epoch, from 1. */
  readonly epoch: number;
  /** Total number of epochs. */
  readonly epochs: number;
  /** Number of steps taken since the start of training. */
  readonly step: number;
  /** Total number of steps. */
  readonly steps: number;
  /** Number of steps taken since this fit was started or resumed. */
  readonly stepsTaken: number;
  /** Number of samples processed since this fit was started or resumed. */
  readonly samples: number;
  /** Score on the batches of the running epoch so far; undefined before its first step. */
  readonly train: Score | undefined;
  /** Learning rate of the latest step; before the first step, that of the first. */
  readonly learningRate: number;
}
