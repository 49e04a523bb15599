import type { Metric } from "../evaluate/monitor.ts";
import type { Score } from "../evaluate/evaluation.ts";
import type { Schedule } from "../optim/schedules/mod.ts";
import type { Checkpoint } from "../run/checkpoint.ts";
import type { EpochRecord } from "../run/record.ts";
import type { EarlyStopping } from "./early_stopping.ts";
import type { Training } from "./session.ts";
import type { ParameterValue } from "./state.ts";

/** What is to be fitted, for how long, and who is told. */
export interface FitOptions extends Training {
  /** Learning rate of each step. */
  readonly learningRate: Schedule;
  /** Passes over the training split. */
  readonly epochs: number;
  /** When the validation split is scored; at the end of each epoch if not given. */
  readonly validateEvery?: Every | undefined;
  /** When training ends before its last epoch; never if not given. */
  readonly earlyStopping?: EarlyStopping | undefined;
  /**
   * What the best checkpoint is told by, which is kept, and restored if early stopping restores one; that
   * of early stopping if not given.
   */
  readonly best?: Metric | undefined;
  /** Parameters to begin with, by name; drawn from the seed if not given. */
  readonly initial?: ReadonlyMap<string, ParameterValue> | undefined;
  /** Where to go on; from the start if there is none. */
  readonly from?: Checkpoint;
  /** The best checkpoint until then, as `onBest` was given it. */
  readonly fromBest?: Checkpoint | undefined;
  /** When aborted, the fit ends after the current step. */
  readonly signal?: AbortSignal;
  /** Called when the first step is about to be taken. */
  readonly onStart?: (running: RunningFit) => void;
  /** Called at the end of each epoch with its scores; awaited before training goes on. */
  readonly onEpoch?: (epoch: EpochRecord) => void | Promise<void>;
  /** Called at the end of each epoch, after a stop and when asked for; awaited before training goes on. */
  readonly onCheckpoint?: (checkpoint: Checkpoint, epoch?: EpochRecord) => Promise<void>;
  /** Called when a checkpoint is the best so far, before `onCheckpoint`; awaited. */
  readonly onBest?: ((checkpoint: Checkpoint) => Promise<void>) | undefined;
}

/** A fit that is running. */
export interface RunningFit {
  /** Returns how far it has come. */
  watch(): Progress;
  /** Has a checkpoint made after the current step; training goes on. No bit depends on when. */
  requestCheckpoint(): void;
}

/** A number of epochs or of steps from one time to the next; the end of training counts always. */
export type Every = { readonly epochs: number } | { readonly steps: number };

/** How far a fit has come, while it runs. */
export interface Progress {
  /** The running epoch, from 1. */
  readonly epoch: number;
  /** Epochs in all. */
  readonly epochs: number;
  /** Steps taken since the start of training. */
  readonly step: number;
  /** Steps in all. */
  readonly steps: number;
  /** Steps taken since the fit was started or resumed. */
  readonly stepsTaken: number;
  /** Samples taken in them. */
  readonly samples: number;
  /** Score of the running epoch so far; undefined before its first step. */
  readonly train: Score | undefined;
  /** Learning rate of the last step. */
  readonly learningRate: number;
}
