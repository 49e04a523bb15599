import type { SplitName } from "../data/split/samples.ts";

/** Loss and accuracy of a network on some samples. */
export interface Score {
  /** Mean loss per sample, in nats for cross-entropy. */
  readonly loss: number;
  /** Fraction of samples whose most probable class is the true one. */
  readonly accuracy: number;
}

/** Scores of a network after a number of training steps. */
export interface ScoreRecord {
  /** Steps taken since the start of training. */
  readonly step: number;
  /** Score on the epoch's mini-batches, each computed before the step that trains on the batch. */
  readonly train?: Score;
  /** Score on the validation split, with the parameters after the step. */
  readonly validation?: Score;
  /** Score on the validation split, with the averaged weights; missing without averaging. */
  readonly average?: Score;
}

/** Splits by precedence: the scores shown for a run are those of the first split on which it was evaluated. */
export const SPLITS_BY_PRECEDENCE: readonly SplitName[] = ["test", "validation", "train"];

/** A network's predictions for every sample of a split. */
export interface Evaluation {
  /** Split on which the network was evaluated. */
  readonly split: SplitName;
  /** Row of each sample in its file. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Index of each sample's true class [samples]. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Predicted probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** Mean loss per sample. */
  readonly loss: number;
  /** Score of the weights that are not averaged, if the network was evaluated with averaged weights. */
  readonly raw?: Score;
}
