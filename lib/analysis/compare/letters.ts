/**
 * Names the runs of a comparison by a letter, in tables and charts alike, and by a short title if it fits.
 *
 * @module
 */
import { type DotLook, dotLook, type LineLook, lineLook, textWidth } from "deno-plot-svg";
import { formatNumber } from "../../format/numbers.ts";
import { NONE } from "../../format/text_table.ts";
import { runTitle } from "../../report/header.ts";
import { formatSetting, formatSettingValue } from "../../report/runs/names.ts";
import type { Comparison } from "./comparison.ts";

/** Largest number of compared runs for which each run has its own letter and its own curve. */
export const FEW = 8;

/** Returns the letter of a run by its index: A, B, … */
export function runLetter(runIndex: number): string {
  return String.fromCharCode("A".charCodeAt(0) + runIndex);
}

/** Returns the letter of a run if the comparison has few runs, and the name of its folder otherwise. */
export function runName({ runs }: Comparison, runIndex: number): string {
  return runs.length <= FEW ? runLetter(runIndex) : runs[runIndex].run;
}

/** Returns the colour, dashes and dot shape of a run, the same in all charts. */
export function runStyle(runIndex: number): LineLook & DotLook {
  return { ...lineLook(runIndex), ...dotLook(runIndex) };
}

/**
 * Formats the runs that are missing in a chart, as an addition to its caption: " Not shown: C, E."; empty if none is.
 *
 * @param drawn indices of the runs in the chart
 */
export function formatMissingRuns({ runs }: Comparison, drawn: readonly number[]): string {
  const missing = [...runs.keys()].filter((runIndex) => !drawn.includes(runIndex)).map(runLetter);
  return missing.length === 0 ? "" : ` Not shown: ${missing.join(", ")}.`;
}

/** Largest width [px] of the title in a run's label. If a title is wider, all labels are letters only. */
const MOST_WORDS = 84;

/** Returns a label for each run: its letter and, if the titles of all runs are short, its title. */
export function runLabels({ runs, differences }: Comparison): readonly string[] {
  const titles = runs.map(({ record }) => runTitle(record));
  const words = new Set(titles).size === runs.length
    ? titles
    : runs.map((_, runIndex) =>
      differences.map(({ key, values }) => formatSetting({ key, value: values[runIndex] })).join(
        " ",
      )
    );
  const isShort = words.every((each) => textWidth(each, { size: 11 }) <= MOST_WORDS);
  return words.map((each, runIndex) =>
    isShort ? `${runLetter(runIndex)} ${each}`.trimEnd() : runLetter(runIndex)
  );
}

/** Formats the value of an option; undefined, for a config without the option, is a dash. */
export function formatOptionValue(value: unknown): string {
  return value === undefined ? NONE : formatSettingValue(value);
}

/** Formats a p-value with two digits: 0.28, 4.8e−5. */
export function formatPValue(p: number): string {
  if (p >= 0.001) return formatNumber(p, 2);
  if (p < SMALLEST) return `<${SMALLEST}`.replace("-", "−");
  return p.toExponential(1).replace("-", "−");
}

/** Smaller p-values are shown as "<1e−99". */
const SMALLEST = 1e-99;
