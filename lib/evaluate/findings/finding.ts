/**
 * The types of findings and of their inputs.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import type { Score, ScoreRecord } from "../evaluation.ts";
import { type Interval, wilsonInterval } from "../metrics/interval.ts";

/** Scores at the end of an epoch. */
export interface EpochScores extends ScoreRecord {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Over the epoch's mini-batches, each scored before the step that learns from it. */
  readonly train: Score;
}

/** Units of a hidden layer, observed on some training samples. */
export interface HiddenUnits {
  readonly layer: string;
  readonly units: number;
  /** Units that are 0 for all of these samples. */
  readonly dead: number;
}

/** The known outcome of a training, from which findings are computed. */
export interface TrainingOutcome {
  /** Number of classes. */
  readonly classes: number;
  /** Numbers of samples of each class [classes], for the splits where they are known. */
  readonly counts: { readonly [Split in SplitName]?: ArrayLike<number> };
  /** Mean loss of the first mini-batch, before any update; undefined if unknown. */
  readonly firstLoss: number | undefined;
  /** One entry for each finished epoch, in order. */
  readonly epochs: readonly EpochScores[];
  /** The epoch, from 1, of the model's weights. */
  readonly modelEpoch: number;
  /** Whether early stopping was on. */
  readonly stopsEarly: boolean;
  /** Hidden layers that were observed at the end. */
  readonly hidden: readonly HiddenUnits[];
}

/** Severity of a finding: a warning if the result is hardly usable, a note otherwise. */
export type Severity = "warning" | "note";

/** An observation about a training that suggests an action. */
export interface Finding {
  /** Name of its entry. */
  readonly name: string;
  readonly severity: Severity;
  /** One sentence with the numbers, without the final period. */
  readonly text: string;
  /** The suggested action: begins with a verb, names options of the config, has no final period. */
  readonly remedy: string;
}

/** A kind of finding. */
export interface FindingEntry {
  /** One line about when it is reported. */
  readonly doc: string;
  readonly remedy: string;
  /** Names of earlier findings that explain this one; it is not reported beside them. */
  readonly explainedBy?: readonly string[];
  /** Returns the finding if it applies to the outcome. */
  find(outcome: TrainingOutcome): Pick<Finding, "severity" | "text"> | undefined;
}

/** Returns the validation score of an epoch, with averaged weights if there are some. */
export function heldOut({ validation, average }: ScoreRecord): Score | undefined {
  return average ?? validation;
}

/** Epoch numbers and scores of one split. */
export interface Curve {
  readonly split: "training" | "validation";
  readonly scores: readonly (Score & { readonly epoch: number })[];
}

/** Returns the validation scores of the epochs that have them; training scores if none do. */
export function judgedScores(epochs: readonly EpochScores[]): Curve {
  const validated = epochs.flatMap((each) => {
    const score = heldOut(each);
    return score === undefined ? [] : [{ ...score, epoch: each.epoch }];
  });
  if (validated.length > 0) return { split: "validation", scores: validated };
  return { split: "training", scores: epochs.map(({ train, epoch }) => ({ ...train, epoch })) };
}

/** Returns the item with the largest value, the first of equals. */
export function firstLargest<Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
): Item | undefined {
  return items.reduce<Item | undefined>(
    (best, item) => best === undefined || valueOf(item) > valueOf(best) ? item : best,
    undefined,
  );
}

/** Returns the number of samples of a split; 0 if unknown. */
export function sampleCount(counts: ArrayLike<number> = []): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}

/** Returns the 95 % interval of an accuracy over a number of samples; null for none. */
export function accuracyInterval({ accuracy }: Score, samples: number): Interval | null {
  return wilsonInterval(Math.round(accuracy * samples), samples);
}
