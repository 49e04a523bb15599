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
  /** Epochs finished, from 1. */
  readonly epoch: number;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Score over the epoch's mini-batches, each scored before its own step. */
  readonly train: Score;
  /** Scores of the validation split within the epoch, before its end. */
  readonly within?: readonly ScoreRecord[];
}

/** Samples that a report shows as images. */
export interface Gallery {
  /** Split that the samples belong to. */
  readonly split: SplitName;
  /** Rows of the samples, as in {@link Evaluation.rows}. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Features before normalization, row-major [samples, features]. */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Training images with augmented copies of each. */
export interface AugmentedGallery {
  /** Rows of the samples in the file that they come from. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one sample, [height, width]. */
  readonly shape: readonly number[];
  /** Augmented copies of each sample. */
  readonly copies: number;
  /** Pixels, row-major [samples, 1 + copies, height, width]: the sample, then its copies. */
  readonly values: Uint8Array<ArrayBuffer>;
}

/** The reduction of a run's features. */
export interface ReductionRecord {
  /** Name of the method. */
  readonly name: string;
  /** Number of components that are inputs of the network. */
  readonly kept: number;
  /** Variance along every direction, kept or not, in falling order [features]. */
  readonly variances: Float64Array<ArrayBuffer>;
}

/** The run that another run's training started from. */
export interface RunOrigin {
  /** Name of its folder. */
  readonly run: string;
  /** Whether training started from its weights alone, or from a whole checkpoint. */
  readonly kind: "weights" | "checkpoint";
  /** SHA-256 of the file that was loaded, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The record of a finished run: the content of its folder, decoded and checked. */
export interface RunRecord {
  /** Name of the run folder, `<name>-<id>`. */
  readonly run: string;
  /** The resolved config, with all defaults. */
  readonly config: unknown;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Number of trained parameters. */
  readonly parameters: number;
  /** One entry for each finished epoch, in order. */
  readonly epochs: readonly EpochRecord[];
  /** Series with one element per step. */
  readonly steps: StepSeries;
  /** Evaluations of the splits, in the order of the pipeline. */
  readonly evaluations: readonly Evaluation[];
  /** Samples that a report can show, at most one gallery per evaluated split. */
  readonly galleries: readonly Gallery[];
  /** Reduction of the features, if the pipeline has one. */
  readonly reduction?: ReductionRecord;
  /** Examples of augmented images, if training augmented images. */
  readonly augmented?: AugmentedGallery;
  /** Values stored by observers. Runs of early versions have none. */
  readonly observations?: Observations;
  /** Remark on the data for the readers of a report, see Dataset.note. */
  readonly note?: string;
  /** Run that training started from. Absent if the weights came from the seed. */
  readonly origin?: RunOrigin;
  /** Members, if this is an ensemble: its probabilities are the means of theirs. */
  readonly members?: readonly ScoredRun[];
}
