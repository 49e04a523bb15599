/**
 * A run with its settings and scores, as sweeps, ensembles and comparisons list it.
 *
 * @module
 */
import type { Setting } from "../config/grid.ts";
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { summarize, type Summary } from "../evaluate/summarize.ts";

/** Splits by which runs are compared. Settings are chosen by the first. */
export const COMPARED = ["validation", "test"] as const satisfies readonly SplitName[];

/** A split by which runs are compared. */
export type Compared = (typeof COMPARED)[number];

/** Accuracy, its 95 % interval, and mean loss of a split. */
export type SplitScore = Pick<Summary, "accuracy" | "interval" | "loss">;

/** A finished run with the settings in which it differs from others, and its scores. */
export interface ScoredRun {
  /** Settings in which it differs from the other runs of the table. */
  readonly settings: readonly Setting[];
  /** Name of the run folder. */
  readonly run: string;
  /** Epochs trained. */
  readonly epochs: number;
  /** Scores of each compared split that was evaluated. */
  readonly scores: { readonly [Split in Compared]?: SplitScore };
}

/** Returns a run's settings and scores from its record. */
export function scoredRun(
  settings: readonly Setting[],
  { run, epochs, evaluations, classes }: {
    readonly run: string;
    readonly epochs: readonly unknown[];
    readonly evaluations: readonly Evaluation[];
    readonly classes: readonly string[];
  },
): ScoredRun {
  const scores = scoresOf((split) => {
    const found = evaluations.find((evaluation) => evaluation.split === split);
    return found === undefined ? undefined : summarize(found, classes);
  });
  return { settings, run, epochs: epochs.length, scores };
}

/** Returns a run without its score on the test split. */
export function withoutTest<Run extends ScoredRun>(
  { scores, ...run }: Run,
): Omit<Run, "scores"> & Pick<ScoredRun, "scores"> {
  const { test: _, ...others } = scores;
  return { ...run, scores: others };
}

/** Returns the scores of each compared split of which `summaryOf` returns a summary. */
export function scoresOf(summaryOf: (split: Compared) => Summary | undefined): ScoredRun["scores"] {
  return Object.fromEntries(COMPARED.flatMap((split) => {
    const summary = summaryOf(split);
    if (summary === undefined) return [];
    const { accuracy, interval, loss } = summary;
    return [[split, { accuracy, interval, loss }] as const];
  }));
}
