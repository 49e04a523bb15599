import type { LegendEntry } from "../legend.ts";
import { formatNumber } from "../../format/numbers.ts";
import type { Scale } from "../axes/scale.ts";
import { hoverTitle } from "../svg.ts";

/** Numbers of a series; null, NaN and infinities are gaps. */
export type Values = ArrayLike<number | null>;

/** Points, x and y of the same length; a point that is not finite leaves a gap. */
export interface Points {
  /** Place along the horizontal axis. */
  readonly x: Values;
  /** Place along the vertical axis. */
  readonly y: Values;
}

/** A name set beside the end of a mark instead of into the legend. */
export interface DirectLabel {
  /** The name, and the mark's look for where the name must go into the legend after all. */
  readonly entry: LegendEntry;
  /** Value of the axis at which the mark ends. */
  readonly at: number;
  /** Whether it is left out where the value lies beyond the axis; else it stands at the axis's end. */
  readonly within?: boolean;
}

/** Something drawn over two scales: what they must hold, and how it is drawn then. */
export interface Mark {
  /** Values of the horizontal axis. */
  readonly xs: readonly number[];
  /** Values of the vertical axis. */
  readonly ys: readonly number[];
  /** Name at the mark's right end, at a value of the vertical axis. */
  readonly label?: DirectLabel;
  /** Name at the mark's upper end, at a value of the horizontal axis. */
  readonly above?: DirectLabel;
  /** Name in the legend, with what it looks like. */
  readonly entry?: LegendEntry;
  /** The mark as SVG elements. */
  draw(x: Scale, y: Scale): string;
}

/** The numbers of a series, NaN for each that is missing. */
export function numbersOf(values: Values): readonly number[] {
  return Array.from(values, (value) => value ?? NaN);
}

export function pairsOf(
  mark: string,
  { x, y }: Points,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  assertPaired(mark, x, y);
  return { x: numbersOf(x), y: numbersOf(y) };
}

export function assertPaired(mark: string, x: Values, y: Values): void {
  if (x.length === y.length) return;
  throw new TypeError(
    `Cannot draw ${mark}: expected ${x.length} values of y: received ${y.length}`,
  );
}

/** The label at the last finite point; nothing if there is none. */
export function labelAtEnd(
  name: string | undefined,
  { x, y }: Points,
  look: Omit<LegendEntry, "name">,
): { readonly label?: DirectLabel } {
  if (name === undefined) return {};
  for (let i = x.length - 1; i >= 0; i--) {
    const end = y[i];
    if (Number.isFinite(x[i]) && typeof end === "number" && Number.isFinite(end)) {
      return { label: { entry: { name, ...look }, at: end } };
    }
  }
  return {};
}

/** The entry of a mark in the legend; nothing without a name. */
export function entryOf(
  name: string | undefined,
  look: Omit<LegendEntry, "name">,
): { readonly entry?: LegendEntry } {
  return name === undefined ? {} : { entry: { name, ...look } };
}

/** The hover title of a point: what the caller says of it, or else its numbers. */
export function pointTitle(
  title: ((index: number) => string) | undefined,
  index: number,
  ...values: readonly number[]
): string {
  return hoverTitle(title?.(index) ?? values.map((value) => formatNumber(value, 6)).join(", "));
}
