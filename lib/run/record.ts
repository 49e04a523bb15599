/**
 * What a run leaves for its readers: reports and comparisons draw from this and from nothing else.
 *
 * @module
 */
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation, Score, ScoreRecord } from "../evaluate/evaluation.ts";
import type { Observations } from "./observations.ts";
import type { StepSeries } from "./steps.ts";
import type { ScoredRun } from "./scored_run.ts";

/** One line of metrics.jsonl: the state of training at the end of an epoch. */
export interface EpochRecord extends ScoreRecord {
  /** Epochs finished, from 1. */
  readonly epoch: number;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Over the epoch's mini-batches, each scored before the step that learns from it. */
  readonly train: Score;
  /** Scores of the validation split within the epoch, before its end. */
  readonly within?: readonly ScoreRecord[];
}

/** Samples whose pixels a report shows. */
export interface Gallery {
  /** The split that the samples belong to. */
  readonly split: SplitName;
  /** Rows of the samples, as in {@link Evaluation.rows}. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Features, row-major [samples, features], as loaded (before normalisation). */
  readonly values: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
}

/** Training samples beside what augmentations make of them. */
export interface AugmentedGallery {
  /** Rows of the samples in the file they came from. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Shape of one sample, [height, width]. */
  readonly shape: readonly number[];
  /** How many augmented copies there are of each. */
  readonly copies: number;
  /** Pixels, row-major [samples, 1 + copies, height, width]: the sample, then its copies. */
  readonly values: Uint8Array<ArrayBuffer>;
}

/** What the features were reduced to. */
export interface ReductionRecord {
  /** Name of the method. */
  readonly name: string;
  /** Number of components that the network sees. */
  readonly kept: number;
  /** Variance along every direction, kept or not, falling [features]. */
  readonly variances: Float64Array<ArrayBuffer>;
}

/** The run that another one began from. */
export interface RunOrigin {
  /** Name of its folder. */
  readonly run: string;
  /** What was taken of it: its weights, or all that it would have gone on from. */
  readonly kind: "weights" | "checkpoint";
  /** SHA-256 of the file that holds that, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** A finished run as its readers see it: the content of its folder, read and checked. */
export interface RunRecord {
  /** Name of the run folder, `<name>-<id>`. */
  readonly run: string;
  /** The resolved config, every default written out. */
  readonly config: unknown;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
  /** Number of trained parameters. */
  readonly parameters: number;
  /** One entry for each finished epoch, in order. */
  readonly epochs: readonly EpochRecord[];
  /** What was recorded of each step. */
  readonly steps: StepSeries;
  /** The evaluated splits, in the order of the pipeline. */
  readonly evaluations: readonly Evaluation[];
  /** Samples that a report can show, at most one gallery for each evaluated split. */
  readonly galleries: readonly Gallery[];
  /** What the features were reduced to, if they were. */
  readonly reduction?: ReductionRecord;
  /** What training made of some images, if it augmented them. */
  readonly augmented?: AugmentedGallery;
  /** What observers stored, for a report: of data, and of the network on the way; older runs have none. */
  readonly observations?: Observations;
  /** What a reader must know of the data, see Dataset.note. */
  readonly note?: string;
  /** What it began from, if it did not begin from the seed. */
  readonly origin?: RunOrigin;
  /** The members, if this is an ensemble, whose probabilities are the means of theirs. */
  readonly members?: readonly ScoredRun[];
}
