/**
 * A run with its settings and scores: what sweeps, ensembles and comparisons show of each run.
 *
 * @module
 */
import type { Setting } from "../config/grid.ts";
import type { SplitName } from "../data/split/samples.ts";
import type { Evaluation } from "../evaluate/evaluation.ts";
import { summarize, type Summary } from "../evaluate/summarize.ts";

/** The splits by which runs are compared: first the one that settings are chosen by. */
export const COMPARED = ["validation", "test"] as const satisfies readonly SplitName[];

/** A split by which runs are compared. */
export type Compared = (typeof COMPARED)[number];

/** Accuracy, its 95 % interval, and mean loss of a split. */
export type SplitScore = Pick<Summary, "accuracy" | "interval" | "loss">;

/** A finished run, what distinguishes it from others, and how good it is. */
export interface ScoredRun {
  /** What distinguishes it from the runs beside it. */
  readonly settings: readonly Setting[];
  /** Name of the run folder. */
  readonly run: string;
  /** Epochs trained. */
  readonly epochs: number;
  /** Scores of each compared split that was evaluated. */
  readonly scores: { readonly [Split in Compared]?: SplitScore };
}

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

export function scoresOf(summaryOf: (split: Compared) => Summary | undefined): ScoredRun["scores"] {
  return Object.fromEntries(COMPARED.flatMap((split) => {
    const summary = summaryOf(split);
    if (summary === undefined) return [];
    const { accuracy, interval, loss } = summary;
    return [[split, { accuracy, interval, loss }] as const];
  }));
}
