/**
 * Names of runs in a comparison: a letter, shared by tables and charts, and a short title where it fits.
 *
 * @module
 */
import { type DotLook, dotLook, type LineLook, lineLook, textWidth } from "deno-plot-svg";
import { formatNumber } from "../../format/numbers.ts";
import { NONE } from "../../format/text_table.ts";
import { titleOf } from "../../report/header.ts";
import { namedValue, valueText } from "../../report/runs/names.ts";
import type { Comparison } from "./comparison.ts";

/** Largest number of runs that have letters and curves of their own. */
export const FEW = 8;

/** Returns the letter of a run: A, B, … */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

/** Returns the letter of a run if runs are few, and its folder otherwise. */
export function nameOf({ runs }: Comparison, place: number): string {
  return runs.length <= FEW ? letterOf(place) : runs[place].run;
}

/** Returns the style of a run's marks in all charts. */
export function styleOf(place: number): LineLook & DotLook {
  return { ...lineLook(place), ...dotLook(place) };
}

/** Formats the runs that are missing in a chart: " Without C, E."; empty if none is missing. */
export function formatOmitted({ runs }: Comparison, having: readonly number[]): string {
  const missing = [...runs.keys()].filter((place) => !having.includes(place)).map(letterOf);
  return missing.length === 0 ? "" : ` Not shown: ${missing.join(", ")}.`;
}

/** Longest title [px] beside a letter; a longer one would take too much room in the chart. */
const MOST_WORDS = 84;

/** Returns the letter of each run, with a short title if the titles of all runs fit. */
export function shortTitles({ runs, differences }: Comparison): readonly string[] {
  const titles = runs.map(({ record }) => titleOf(record));
  const words = new Set(titles).size === runs.length
    ? titles
    : runs.map((_, place) =>
      differences.map(({ key, values }) => namedValue({ key, value: values[place] })).join(" ")
    );
  const isShort = words.every((each) => textWidth(each, { size: 11 }) <= MOST_WORDS);
  return words.map((each, place) =>
    isShort ? `${letterOf(place)} ${each}`.trimEnd() : letterOf(place)
  );
}

/** Formats a value of an option; a dash where a config has none. */
export function shownValue(value: unknown): string {
  return value === undefined ? NONE : valueText(value);
}

/** Formats a p-value with two digits: 0.28, 4.8e−5. */
export function pText(p: number): string {
  if (p >= 0.001) return formatNumber(p, 2);
  if (p < SMALLEST) return `<${SMALLEST}`.replace("-", "−");
  return p.toExponential(1).replace("-", "−");
}

/** Smaller p-values are shown as "<1e−99". */
const SMALLEST = 1e-99;
