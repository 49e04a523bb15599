import { compareNetworks } from "./significance/compare.ts";
import { summarize } from "./summarize.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Interval } from "./metrics/interval.ts";
import { formatPercent, PLAIN } from "../format/percent.ts";
import { formatCount, formatCountWithNoun, formatLoss, formatNumber } from "../format/numbers.ts";
import { NONE } from "../format/text_table.ts";

/**
 * Formats McNemar's test of two runs that were evaluated on the same split, in one line: "test: correct only by one:
 * a 12, b 30; p 0.0091 (McNemar's test, chi-squared)".
 */
export function formatComparisonLine(
  [first, one]: readonly [run: string, evaluation: Evaluation],
  [second, other]: readonly [run: string, evaluation: Evaluation],
): string {
  const { onlyFirst, onlySecond, pValue, method } = compareNetworks(one, other);
  const alone = `${first} ${onlyFirst}, ${second} ${onlySecond}`;
  const distribution = method === "exact" ? "exact" : "chi-squared";
  return `${one.split}: correct only by one: ${alone}; p ${
    formatNumber(pValue, 2)
  } (McNemar's test, ${distribution})`;
}

/** Formats an evaluation in one line that begins with the split: "test: accuracy 98.14 % (95 %: …), …". */
export function formatEvaluationLine(evaluation: Evaluation, classes: readonly string[]): string {
  return `${evaluation.split}: ${formatEvaluation(evaluation, classes)}`;
}

/** Formats accuracy, number of mistakes and loss of an evaluation: "accuracy 98.14 % (95 %: …), 186 mistakes in 10,000, …". */
export function formatEvaluation(evaluation: Evaluation, classes: readonly string[]): string {
  const { accuracy, interval, mistakes, samples, loss, raw } = summarize(evaluation, classes);
  return `${formatAccuracy(accuracy ?? NaN, interval)}, ` +
    `${formatCountWithNoun(mistakes, "mistake")} in ${formatCount(samples)}, loss ${
      loss === null ? NONE : formatLoss(loss)
    }` +
    (raw === undefined
      ? ""
      : `; without averaging ${formatPercent(raw.accuracy ?? NaN, 2, PLAIN)}`);
}

/** Formats an accuracy with its 95 % interval, if it has one: "accuracy 98.14 % (95 %: 97.86 % to 98.39 %)". */
export function formatAccuracy(accuracy: number, interval: Interval | null): string {
  const range = interval === null
    ? ""
    : ` (95 %: ${interval.map((end) => formatPercent(end, 2, PLAIN)).join(" to ")})`;
  return `accuracy ${formatPercent(accuracy, 2, PLAIN)}${range}`;
}
