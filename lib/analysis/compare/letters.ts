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

/**
 * Returns the letter of a run in a comparison: A, B, …
 *
 * @param runIndex index of the run, from 0
 */
export function runLetter(runIndex: number): string {
  return String.fromCharCode("A".charCodeAt(0) + runIndex);
}

/**
 * Returns the letter of a run if the comparison has at most {@linkcode FEW} runs, and the name of its folder
 * otherwise.
 */
export function runName({ runs }: Comparison, runIndex: number): string {
  return runs.length <= FEW ? runLetter(runIndex) : runs[runIndex].run;
}

/** Returns the colour, dashes and dot shape of a run, the same in all charts. */
export function runStyle(runIndex: number): LineLook & DotLook {
  return { ...lineLook(runIndex), ...dotLook(runIndex) };
}

/**
 * Formats the runs that are missing in a chart as a sentence for its caption, with a leading space: " Not
 * shown: C, E." Returns "" if none is missing.
 *
 * @param drawn indices of the runs in the chart
 */
export function formatMissingRuns({ runs }: Comparison, drawn: readonly number[]): string {
  const missing = [...runs.keys()].filter((runIndex) => !drawn.includes(runIndex)).map(runLetter);
  return missing.length === 0 ? "" : ` Not shown: ${missing.join(", ")}.`;
}

/**
 * Largest width [px] of the words after the letter in a run's label. If those of one run are wider, all labels
 * are letters only.
 */
const MOST_WORDS = 84;

/**
 * Returns a label for each run: its letter and, if they are short for all runs, its title or, if runs share a
 * title, the values of the options that differ.
 */
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

/** Formats the value of an option; a dash for undefined, of a config that lacks the option. */
export function formatOptionValue(value: unknown): string {
  return value === undefined ? NONE : formatSettingValue(value);
}

/** Formats a p-value with two significant digits: 0.28, 4.8e−5, <1e−99. */
export function formatPValue(p: number): string {
  if (p >= 0.001) return formatNumber(p, 2);
  if (p < SMALLEST) return `<${SMALLEST}`.replace("-", "−");
  return p.toExponential(1).replace("-", "−");
}

/** Smaller p-values are shown as "<1e−99". */
const SMALLEST = 1e-99;
