/**
 * The split and the figure by which several runs are ranked.
 *
 * Runs are chosen on validation data. The test split is for the run that was chosen: the best of many test
 * accuracies is too good an estimate of the accuracy on new data.
 *
 * @module
 */
import type { Compared, ScoredRun, SplitScore } from "../../run/scored_run.ts";
import { stageOptions } from "../config.ts";

/** A figure by which runs are ranked: the highest accuracy is the best, or the lowest loss. */
export type RankedBy = keyof Pick<SplitScore, "accuracy" | "loss">;

/** How runs are ranked. */
export interface Ranking {
  readonly split: Compared;
  readonly figure: RankedBy;
}

/**
 * Returns how runs are ranked: on the validation split. On the test split only where that was asked for and
 * some of the runs have no validation data. Undefined if no run has a score on the split.
 *
 * @param configs of the runs. Where the option `best` of all of them names the loss, it ranks the runs too.
 */
export function rankingOf(
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

/** Note on a ranking on the test split. */
export const CHOSEN_BY_TEST =
  "some runs have no validation data, so the ranking is that of the test " +
  "split: the accuracy of a run that is chosen by it is too good an estimate";

/** Whether the best checkpoint of a training is that of the lowest loss on validation data. */
function isRankedByLoss(config: unknown): boolean {
  const { best } = stageOptions(config, "train");
  return best === "validation.loss" || best === "average.loss";
}

/** Compares two values of a figure for sorting, the better first; those without a value last. */
export function betterFirst(
  figure: RankedBy,
  a: number | null | undefined,
  b: number | null | undefined,
): number {
  const rank = (value: number | null | undefined) =>
    value === null || value === undefined ? -Infinity : figure === "loss" ? -value : value;
  const [one, other] = [rank(a), rank(b)];
  return one === other ? 0 : one > other ? -1 : 1;
}
