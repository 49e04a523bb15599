/**
 * Defines findings about a training, the outcome from which they are computed, and shared functions.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import type { Score, ScoreRecord } from "../evaluation.ts";
import { type Interval, wilsonInterval } from "../metrics/interval.ts";

/** Scores of a network at the end of an epoch. */
export interface EpochScores extends ScoreRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Score on the epoch's mini-batches, each computed before the step that trains on the batch. */
  readonly train: Score;
}

/** Counts of the units of a hidden layer and of its dead units, observed on some training samples. */
export interface HiddenUnits {
  /** Name of the layer. */
  readonly layer: string;
  /** Number of units. */
  readonly units: number;
  /** Number of units that are 0 for all observed samples. */
  readonly dead: number;
}

/** Outcome of a training, from which findings are computed. */
export interface TrainingOutcome {
  /** Number of classes. */
  readonly classes: number;
  /** Number of samples of each class [classes], for each split in which it is known. */
  readonly counts: { readonly [Split in SplitName]?: ArrayLike<number> };
  /** Mean loss of the first mini-batch, before any update; undefined if unknown. */
  readonly firstLoss: number | undefined;
  /** One entry for each finished epoch, in order. */
  readonly epochs: readonly EpochScores[];
  /** Epoch, from 1, at whose end the network had the weights of the model; 0 if no epoch is finished. */
  readonly modelEpoch: number;
  /** Whether early stopping was on. */
  readonly stopsEarly: boolean;
  /** Hidden layers whose units were observed at the end of training. */
  readonly hidden: readonly HiddenUnits[];
}

/** Severity of a finding: a warning if the result is hardly usable, a note otherwise. */
export type Severity = "warning" | "note";

/** An observation about a training that suggests an action. */
export interface Finding {
  /** Name of the finding's entry in the table of findings. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence with the numbers, without the final period. */
  readonly text: string;
  /** The suggested action: begins with a verb, names options of the config, has no final period. */
  readonly remedy: string;
}

/** A kind of finding: its documentation, remedy, and the function that finds it. */
export interface FindingEntry {
  /** Condition under which the finding is reported, in one line. */
  readonly doc: string;
  /** Suggested action, as in {@linkcode Finding}. */
  readonly remedy: string;
  /** Names of findings that explain this one. If one of them is reported, this one is not. */
  readonly explainedBy?: readonly string[];
  /** Returns severity and text if the finding applies to the outcome, and undefined otherwise. */
  find(outcome: TrainingOutcome): Pick<Finding, "severity" | "text"> | undefined;
}

/**
 * Returns the validation score of an epoch, that of the averaged weights if there are any. Returns
 * undefined if the validation split was not evaluated.
 */
export function validationScore({ validation, average }: ScoreRecord): Score | undefined {
  return average ?? validation;
}

/** Scores of a training on one split, each with the number of its epoch. */
export interface Curve {
  readonly split: "training" | "validation";
  readonly scores: readonly (Score & { readonly epoch: number })[];
}

/** Returns the scores of epochs on the validation split; on the training split if no epoch has a validation score. */
export function validationOrTrainingScores(epochs: readonly EpochScores[]): Curve {
  const validated = epochs.flatMap((each) => {
    const score = validationScore(each);
    return score === undefined ? [] : [{ ...score, epoch: each.epoch }];
  });
  if (validated.length > 0) return { split: "validation", scores: validated };
  return { split: "training", scores: epochs.map(({ train, epoch }) => ({ ...train, epoch })) };
}

/** Returns the first item with the largest value; undefined if there are no items. */
export function firstLargest<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => best === undefined || valueOf(item) > valueOf(best) ? item : best,
    undefined,
  );
}

/** Returns the number of samples of a split, given the count of each class; 0 if the counts are undefined. */
export function sampleCount(counts: ArrayLike<number> = []): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}

/** Returns the 95 % interval of an accuracy that was measured on a number of samples; null for 0 samples. */
export function accuracyInterval({ accuracy }: Score, samples: number): Interval | null {
  return wilsonInterval(Math.round(accuracy * samples), samples);
}
