import { compareNetworks } from "./significance/compare.ts";
import { summarize } from "./summarize.ts";
import type { Evaluation } from "./evaluation.ts";
import { formatPercent, PLAIN } from "../format/percent.ts";
import { formatCount, formatCounted, formatFixed, formatNumber } from "../format/numbers.ts";
import { NONE } from "../format/text_table.ts";

/** Two runs beside each other on a part, by McNemar's test, in a line. */
export function comparisonLine(
  [first, one]: readonly [run: string, evaluation: Evaluation],
  [second, other]: readonly [run: string, evaluation: Evaluation],
): string {
  const { onlyFirst, onlySecond, pValue, method } = compareNetworks(one, other);
  const alone = `${first} ${onlyFirst}, ${second} ${onlySecond}`;
  const way = method === "exact" ? "exact" : "by chi-squared";
  return `${one.part}: right alone: ${alone}; p ${
    formatNumber(pValue, 2)
  } (McNemar's test, ${way})`;
}

export function evaluationLine(evaluation: Evaluation, classes: readonly string[]): string {
  const { accuracy, interval, mistakes, samples, loss, raw } = summarize(evaluation, classes);
  const range = interval === null
    ? ""
    : ` (95 %: ${interval.map((end) => formatPercent(end, 2, PLAIN)).join(" to ")})`;
  return `${evaluation.part}: accuracy ${formatPercent(accuracy ?? NaN, 2, PLAIN)}${range}, ` +
    `${formatCounted(mistakes, "mistake")} in ${formatCount(samples)}, loss ${
      loss === null ? NONE : formatFixed(loss, 4)
    }` +
    (raw === undefined
      ? ""
      : `; without averaging ${formatPercent(raw.accuracy ?? NaN, 2, PLAIN)}`);
}
