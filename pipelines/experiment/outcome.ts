/**
 * What a run came to, in a few lines.
 *
 * @module
 */
import { basename, join } from "@std/path";
import { compareNetworks, summarize } from "../../lib/evaluate/mod.ts";
import { FILES } from "../../lib/run/folder.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import { readFinished, readRecord } from "./finished_run.ts";
import { formatPercent, PLAIN } from "../../lib/format/percent.ts";
import { formatCount, formatCounted, formatFixed, formatNumber } from "../../lib/format/numbers.ts";
import { NONE } from "../../lib/format/text_table.ts";

/** A line for each evaluated part, what must be known of the data, and where the report is. */
export async function outcome(path: string): Promise<readonly string[]> {
  const { evaluations, classes, note } = await readRecord(path);
  const { manifest } = await readFinished(path, []);
  const isDrawn = manifest.files.some(({ path }) => path === FILES.report);
  return [
    ...evaluations.map((evaluation) => evaluationLine(evaluation, classes)),
    ...(note === undefined ? [] : [note]),
    ...(isDrawn ? [`report: ${join(path, FILES.report)}`] : []),
  ];
}

/**
 * Two runs beside each other on a part, by McNemar's test, in a line.
 *
 * @throws {TypeError} if they were asked about other samples
 */
export function comparisonLine(
  [first, one]: readonly [run: string, evaluation: Evaluation],
  [second, other]: readonly [run: string, evaluation: Evaluation],
): string {
  const { onlyFirst, onlySecond, pValue, method } = compareNetworks(one, other);
  const alone = `${basename(first)} ${onlyFirst}, ${basename(second)} ${onlySecond}`;
  const way = method === "exact" ? "exact" : "by chi-squared";
  return `${one.part}: right alone: ${alone}; p ${
    formatNumber(pValue, 2)
  } (McNemar's test, ${way})`;
}

/** The figures of an evaluated part in a line. */
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
