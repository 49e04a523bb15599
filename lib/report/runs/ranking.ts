/**
 * Determines the split and the metric by which several runs are ranked.
 *
 * Runs are chosen on validation data. The test split is for the chosen run: the best of many test accuracies
 * overestimates the accuracy on new data.
 *
 * @module
 */
import type { Compared, ScoredRun, SplitScore } from "../../run/scored_run.ts";
import { stageOptions } from "../config.ts";

/** A metric by which runs are ranked: the highest accuracy or the lowest loss is best. */
export type RankedBy = keyof Pick<SplitScore, "accuracy" | "loss">;

/** The split and the metric by which runs are ranked. */
export interface Ranking {
  readonly split: Compared;
  /** Metric by which runs are ranked. */
  readonly figure: RankedBy;
}

/**
 * Returns the split and the metric by which to rank runs. Runs are ranked on the validation split; if
 * `test` is true and a run has no validation score, they are ranked on the test split. Returns undefined if
 * no run has a score on that split.
 *
 * @param configs configs of the runs. Runs are ranked by loss if the option `best` of all configs is a
 * loss, and by accuracy otherwise
 */
export function chooseRanking(
  runs: readonly Pick<ScoredRun, "scores">[],
  configs: readonly unknown[],
  { test }: { readonly test: boolean },
): Ranking | undefined {
  const count = (split: Compared) =>
    runs.filter(({ scores }) => scores[split] !== undefined).length;
  const isTest = test && count("validation") < runs.length && count("test") > 0;
  const split = isTest ? "test" : "validation";
  if (count(split) === 0) return undefined;
  return { split, figure: configs.every(isRankedByLoss) ? "loss" : "accuracy" };
}

/** Note below a ranking on the test split. */
export const CHOSEN_BY_TEST =
  "some runs have no validation data, so runs are ranked on the test split: the test accuracy of a run " +
  "chosen this way is an overestimate";

/** Returns whether a config chooses the checkpoint with the lowest validation loss as its best one. */
function isRankedByLoss(config: unknown): boolean {
  const { best } = stageOptions(config, "train");
  return best === "validation.loss" || best === "average.loss";
}

/**
 * Compares two values of a metric, as a comparator of `sort()`: negative if `a` is better, so that better
 * values come first and missing ones last.
 *
 * @param figure metric: the highest accuracy or the lowest loss is best
 */
export function compareBetterFirst(
  figure: RankedBy,
  a: number | null | undefined,
  b: number | null | undefined,
): number {
  const rank = (value: number | null | undefined) =>
    value === null || value === undefined ? -Infinity : figure === "loss" ? -value : value;
  const [one, other] = [rank(a), rank(b)];
  return one === other ? 0 : one > other ? -1 : 1;
}
