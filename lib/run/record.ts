/**
 * The record of a finished run: the only input of reports and comparisons.
 *
 * @module
 */
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation, Score, ScoreRecord } from "../evaluate/evaluation.ts";
import type { Observations } from "./observations.ts";
import type { StepSeries } from "./steps.ts";
import type { ScoredRun } from "./scored_run.ts";

/** One line of metrics.jsonl: scores at the end of an epoch. */
export interface EpochRecord extends ScoreRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Learning rate of the last step of the epoch. */
  readonly learningRate: number;
  /**
   * Mean score of the mini-batches of the epoch. A mini-batch is scored by the parameters before its own
   * step.
   */
  readonly train: Score;
  /** Scores of the validation split at some steps before the end of the epoch. */
  readonly within?: readonly ScoreRecord[];
}

/** Samples that a report shows as images. */
export interface Gallery {
  /** Split that the samples belong to. */
  readonly split: SplitName;
  /** Row of each sample in the file that it comes from, as in {@link Evaluation.rows}. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Features before normalization [samples, features], row-major. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Some training images, with augmented copies of each. */
export interface AugmentedGallery {
  /** Row of each image in the file that it comes from. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one image: [height, width]. */
  readonly shape: readonly number[];
  /** Number of augmented copies of each image. */
  readonly copies: number;
  /** Pixels [images, 1 + copies, height, width], row-major: each original, then its copies. */
  readonly values: Uint8Array<ArrayBuffer>;
}

/** The reduction of a run's features to fewer components. */
export interface ReductionRecord {
  /** Name of the method. */
  readonly name: string;
  /** Number of components that are inputs of the network. */
  readonly kept: number;
  /**
   * Variance along every direction [features], in falling order, including directions that are left out.
   */
  readonly variances: Float64Array<ArrayBuffer>;
}

/** The run that another run's training started from. */
export interface RunOrigin {
  /** Name of the folder of the original run. */
  readonly run: string;
  /** Whether training started from the weights of the original run alone, or from a whole checkpoint. */
  readonly kind: "weights" | "checkpoint";
  /** SHA-256 of the model or checkpoint that was loaded, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The record of a finished run: the content of its folder, decoded and validated. */
export interface RunRecord {
  /** Name of the run folder, `<name>-<id>`. */
  readonly run: string;
  /** The resolved config, with all defaults. */
  readonly config: unknown;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Number of trained parameters. */
  readonly parameters: number;
  /** Scores at the end of each epoch, in order. */
  readonly epochs: readonly EpochRecord[];
  /** Loss, learning rate and other series with one element per step. */
  readonly steps: StepSeries;
  /** Predictions and loss of each evaluated split, in the order of the pipeline. */
  readonly evaluations: readonly Evaluation[];
  /** Samples that a report can show, at most one gallery per evaluated split. */
  readonly galleries: readonly Gallery[];
  /** Reduction of the features, if the pipeline has one. */
  readonly reduction?: ReductionRecord;
  /** Examples of augmented images, if training augmented images. */
  readonly augmented?: AugmentedGallery;
  /** Values that observers stored for reports. Runs of early versions have none. */
  readonly observations?: Observations;
  /** Remark on the data set for readers of the report, see Dataset.note. */
  readonly note?: string;
  /** Run that training started from. Absent if the weights came from the seed. */
  readonly origin?: RunOrigin;
  /** Members of an ensemble, whose probabilities are averaged. Absent for a single network. */
  readonly members?: readonly ScoredRun[];
}
