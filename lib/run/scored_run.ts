/**
 * A run with its settings and scores, as sweeps, ensembles and comparisons list it.
 *
 * @module
 */
import type { Setting } from "../config/grid.ts";
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { summarize, type Summary } from "../evaluate/summarize.ts";

/** Names of the splits on which runs are compared. The best setting is chosen on the validation split. */
export const COMPARED = ["validation", "test"] as const satisfies readonly SplitName[];

/** Name of a split on which runs are compared. */
export type Compared = (typeof COMPARED)[number];

/** Accuracy on a split, with its 95 % interval, and mean loss. */
export type SplitScore = Pick<Summary, "accuracy" | "interval" | "loss">;

/** A finished run with the settings in which it differs from others, and its scores. */
export interface ScoredRun {
  /** Settings in which the run differs from the others in the same table. */
  readonly settings: readonly Setting[];
  /** Name of the run folder. */
  readonly run: string;
  /** Number of epochs of training. */
  readonly epochs: number;
  /** Scores on each split that was evaluated and is compared. */
  readonly scores: { readonly [Split in Compared]?: SplitScore };
}

/**
 * Returns a run with its settings and the scores that are computed from its record. Splits that were not
 * evaluated have no score.
 */
export function scoredRun(
  settings: readonly Setting[],
  { run, epochs, evaluations, classes }: {
    readonly run: string;
    readonly epochs: readonly unknown[];
    readonly evaluations: readonly Evaluation[];
    readonly classes: readonly string[];
  },
): ScoredRun {
  const scores = scoresBySplit((split) => {
    const found = evaluations.find((evaluation) => evaluation.split === split);
    return found === undefined ? undefined : summarize(found, classes);
  });
  return { settings, run, epochs: epochs.length, scores };
}

/** Returns a copy of a scored run without the score on the test split. */
export function withoutTestScore<Run extends ScoredRun>(
  { scores, ...run }: Run,
): Omit<Run, "scores"> & Pick<ScoredRun, "scores"> {
  const { test: _, ...others } = scores;
  return { ...run, scores: others };
}

/**
 * Returns the scores on each split on which runs are compared. `summaryOf` returns the metrics of a split,
 * or undefined if the split was not evaluated.
 */
export function scoresBySplit(
  summaryOf: (split: Compared) => Summary | undefined,
): ScoredRun["scores"] {
  return Object.fromEntries(COMPARED.flatMap((split) => {
    const summary = summaryOf(split);
    if (summary === undefined) return [];
    const { accuracy, interval, loss } = summary;
    return [[split, { accuracy, interval, loss }] as const];
  }));
}
