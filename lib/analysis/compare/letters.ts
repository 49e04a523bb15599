/**
 * What runs are called in a comparison: a letter, which tables and charts have in common, and a few
 * words where there is room.
 *
 * @module
 */
import { type DotLook, dotLook, type LineLook, lineLook, textWidth } from "deno-plot-svg";
import { formatNumber } from "../../format/numbers.ts";
import { NONE } from "../../format/text_table.ts";
import { titleOf } from "../../report/header.ts";
import { namedValue, valueText } from "../../report/runs/names.ts";
import type { Comparison } from "./comparison.ts";

/** Most runs that are told apart by letters, and shown with their curves. */
export const FEW = 8;

/** The letter of a run: A, B, … */
export function letterOf(place: number): string {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

/** The letter of a run where runs are few, else its folder. */
export function nameOf({ runs }: Comparison, place: number): string {
  return runs.length <= FEW ? letterOf(place) : runs[place].run;
}

/** How marks of a run look in all charts. */
export function lookOf(place: number): LineLook & DotLook {
  return { ...lineLook(place), ...dotLook(place) };
}

/** The runs that have none of something, in words: " Without C, E."; nothing if all have it. */
export function formatOmitted({ runs }: Comparison, having: readonly number[]): string {
  const missing = [...runs.keys()].filter((place) => !having.includes(place)).map(letterOf);
  return missing.length === 0 ? "" : ` Without ${missing.join(", ")}.`;
}

/** Words beside a letter that are longer would take the room of the chart, in pixels. */
const MOST_WORDS = 84;

/** The letter of each run, with a few words if what distinguishes it can be said in so few. */
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

/** A value of an option in words; a dash where a config has none. */
export function shownValue(value: unknown): string {
  return value === undefined ? NONE : valueText(value);
}

/** A p-value in two digits: 0.28, 4.8e−5. */
export function pText(p: number): string {
  if (p >= 0.001) return formatNumber(p, 2);
  if (p < SMALLEST) return `<${SMALLEST}`.replace("-", "−");
  return p.toExponential(1).replace("-", "−");
}

/** Nobody needs to know how much smaller a p-value is. */
const SMALLEST = 1e-99;
