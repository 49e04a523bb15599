import { type Figure } from "deno-plot-svg";
import { formatCount } from "../../format/numbers.ts";
import { formatPercent } from "../../format/percent.ts";
import { drawPageHead, runTitle } from "../../report/header.ts";
import { formatNamedInterval, formatSplit } from "../../report/result.ts";
import { CHOSEN_BY_TEST } from "../../report/runs/ranking.ts";
import type { Compared } from "../../run/scored_run.ts";
import type { Comparison, Pair, Unpaired } from "./comparison.ts";
import { FEW, formatPValue, runLetter, runName } from "./letters.ts";
import { rankRuns } from "./order.ts";
import { MOST_NAMED, unpairedByReason } from "./tables.ts";

/** Draws the head of a comparison's page: title, result, and notes on the limits of the result. */
export function comparisonHeader(comparison: Comparison, pairs: readonly Pair[]): Figure {
  return drawPageHead({
    name: comparison.name,
    title: comparisonTitle(comparison),
    result: formatResult(comparison, pairs),
    notes: comparisonNotes(comparison, pairs),
  });
}

/** Returns the title of a comparison: the number of runs, and their common title if they have one. */
export function comparisonTitle({ runs }: Comparison): string {
  const titles = [...new Set(runs.map(({ record }) => runTitle(record)))];
  const of = titles.length === 1 ? ` of ${titles[0]}` : "";
  return `Comparison of ${formatCount(runs.length)} runs${of}`;
}

/** p-value below which a difference is reported as significant. */
const SIGNIFICANT = 0.05;

/**
 * Formats the result of a comparison in one line: the accuracies of two runs and their significance test, or
 * the best of more runs. Runs on different data sets have no result, since one data set may be easier than
 * another.
 *
 * @param pairs every pair of runs
 */
export function formatResult(comparison: Comparison, pairs: readonly Pair[]): string {
  const { runs, splits, split, summaries } = comparison;
  if (split === undefined) {
    return `No run was evaluated on the ${splits.map(formatSplit).join(" or ")} split`;
  }
  const evaluated = summaries.flatMap((summary, runIndex) => {
    const { accuracy = null } = summary ?? {};
    return accuracy === null ? [] : [{ runIndex, accuracy }];
  }).sort((a, b) => b.accuracy - a.accuracy);
  const words = formatSplit(split);
  if (new Set(evaluated.map(({ runIndex }) => runs[runIndex].data.join())).size > 1) {
    return `The runs use different data sets: their ${words} accuracies are not comparable`;
  }
  if (runs.length > 2 || evaluated.length === 1) return formatBestRun(comparison, split);
  const right = evaluated.map(({ runIndex, accuracy }) =>
    `${runLetter(runIndex)} ${formatPercent(accuracy)}`
  );
  const name = runLetter(evaluated[0].runIndex);
  return `Accuracy on the ${words} split: ${right.join(", ")}${
    formatSignificanceTest(pairs, split, name)
  }`;
}

/**
 * Formats the name of the best run and its accuracies: on the split that ranks the runs and, if it is another
 * split, on `split`.
 */
function formatBestRun(comparison: Comparison, split: Compared): string {
  const { runs, ranking, summaries } = comparison;
  const [best] = rankRuns(comparison);
  const { split: chosenOn = split, figure = "accuracy" } = ranking ?? {};
  const { accuracy: chosen } = runs[best].scores[chosenOn] ?? {};
  const { accuracy = null, interval = null } = summaries[best] ?? {};
  const share = `${chosenOn === split ? "" : `${formatSplit(split)} `}accuracy ${
    formatPercent(accuracy ?? NaN)
  } (${formatNamedInterval(interval)})`;
  return [
    `${figure === "loss" ? "Lowest loss" : "Best"} on the ${formatSplit(chosenOn)} split: ` +
    runName(comparison, best),
    ...(chosenOn === split ? [] : [`accuracy ${formatPercent(chosen ?? NaN)}`]),
    accuracy === null ? `not evaluated on the ${formatSplit(split)} split` : share,
  ].join(", ");
}

/**
 * Formats the significance test of the first pair of runs. Returns "" if it has no test on `split`.
 *
 * @param best name of the run with the higher accuracy
 */
function formatSignificanceTest(
  [{ test }]: readonly Pair[],
  split: Compared,
  best: string,
): string {
  if (test?.split !== split) return "";
  const { pValue } = test;
  const verdict = pValue < SIGNIFICANT ? `${best} is better` : "no significant difference";
  return `; ${verdict} (McNemar's test, p ${formatPValue(pValue)})`;
}

/**
 * Returns notes on the limits of a comparison: pairs of runs without a significance test, by reason; runs that
 * were not evaluated on the comparison's split; a ranking on the test split; and the notes of the data sets.
 */
export function comparisonNotes(comparison: Comparison, pairs: readonly Pair[]): readonly string[] {
  const { runs, splits, split, ranking, summaries } = comparison;
  const most = runs.length <= FEW ? MOST_NAMED : 0;
  const without = [...runs.keys()].filter((runIndex) => summaries[runIndex] === undefined);
  const isTestHidden = !splits.includes("test") &&
    runs.some(({ results }) => results.has("test")) &&
    (without.length > 0 || pairs.some(({ unpaired }) => unpaired === "different samples"));
  return [
    ...unpairedByReason(pairs, most).map(([reason, listed]) =>
      `no paired test, ${REASONS[reason]}: ${listed}`
    ),
    ...(split === undefined || without.length === 0 ? [] : [
      `not evaluated on the ${formatSplit(split)} split: ` +
      without.map((runIndex) => runName(comparison, runIndex)).join(", "),
    ]),
    ...(ranking?.split === "test" ? [CHOSEN_BY_TEST] : []),
    ...(isTestHidden ? ["the option --test compares the runs on the test split"] : []),
    ...new Set(runs.flatMap(({ record }) => record.note ?? [])),
  ];
}

/** Phrase for each reason why two runs have no paired test. */
const REASONS: Readonly<Record<Unpaired, string>> = {
  "different data": "on different data",
  "different classes": "with different classes",
  "no common split": "evaluated on different splits",
  "different samples": "on different samples of the same data",
};
