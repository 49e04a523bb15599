import type { SplitName } from "../data/split/samples.ts";

/** Loss and accuracy over some samples. */
export interface Score {
  /** Mean loss per sample, in nats for cross-entropy. */
  readonly loss: number;
  /** Fraction of samples whose most probable class is the true one. */
  readonly accuracy: number;
}

/** Scores of a network at a step. */
export interface ScoreRecord {
  /** Steps taken since the start. */
  readonly step: number;
  /** Over the epoch's mini-batches, each scored before the step that learns from it. */
  readonly train?: Score;
  /** Over the validation split, with the parameters after the step. */
  readonly validation?: Score;
  /** Over the validation split, with the averaged weights. */
  readonly average?: Score;
}

/** Splits by precedence: the first evaluated one represents a run. */
export const SPLITS_BY_PRECEDENCE: readonly SplitName[] = ["test", "validation", "train"];

/** A network's predictions for every sample of a split. */
export interface Evaluation {
  /** The split that was evaluated. */
  readonly split: SplitName;
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** True class of each sample. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** Mean loss per sample. */
  readonly loss: number;
  /** Score of the weights of the last step, if the network has averaged ones. */
  readonly raw?: Score;
}
