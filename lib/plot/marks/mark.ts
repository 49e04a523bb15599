import type { LegendEntry } from "../legend.ts";
import { formatNumber } from "../../format/numbers.ts";
import type { Scale } from "../axes/scale.ts";
import { hoverTitle } from "../svg.ts";

/** Numbers of a series; null, NaN and infinities are gaps. */
export type Values = ArrayLike<number | null>;

/** Points, with x and y of the same length; a non-finite point leaves a gap. */
export interface Points {
  /** Positions on the horizontal axis. */
  readonly x: Values;
  /** Positions on the vertical axis. */
  readonly y: Values;
}

/** A name beside the end of a mark, instead of in the legend. */
export interface DirectLabel {
  /** The name, and the mark's style for the legend, used if the name does not fit. */
  readonly entry: LegendEntry;
  /** Value of the axis at which the mark ends. */
  readonly at: number;
  /** Whether the name is omitted if the value is beyond the axis, or placed at the axis's end. */
  readonly within?: boolean;
}

/** A mark: the values that the scales must include, and a function that draws it on the scales. */
export interface Mark {
  /** Values of the horizontal axis. */
  readonly xs: readonly number[];
  /** Values of the vertical axis. */
  readonly ys: readonly number[];
  /** Name at the mark's right end, at a value of the vertical axis. */
  readonly label?: DirectLabel;
  /** Name at the mark's upper end, at a value of the horizontal axis. */
  readonly above?: DirectLabel;
  /** Name and style in the legend. */
  readonly entry?: LegendEntry;
  /** Draws the mark as SVG elements. */
  draw(x: Scale, y: Scale): string;
}

/** Returns the numbers of a series, with NaN for missing ones. */
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

/** Returns the label at the last finite point; undefined if there is none. */
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

/** Returns the legend entry of a mark; undefined without a name. */
export function entryOf(
  name: string | undefined,
  look: Omit<LegendEntry, "name">,
): { readonly entry?: LegendEntry } {
  return name === undefined ? {} : { entry: { name, ...look } };
}

/** Returns the hover title of a point: that of the caller, or its numbers. */
export function pointTitle(
  title: ((index: number) => string) | undefined,
  index: number,
  ...values: readonly number[]
): string {
  return hoverTitle(title?.(index) ?? values.map((value) => formatNumber(value, 6)).join(", "));
}
