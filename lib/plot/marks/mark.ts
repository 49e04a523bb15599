import type { LegendEntry } from "../legend.ts";
import { formatNumber } from "../../format/numbers.ts";
import type { Scale } from "../axes/scale.ts";
import { hoverTitle } from "../svg.ts";

/** Numbers of a series. Null, NaN and infinite numbers are gaps. */
export type Values = ArrayLike<number | null>;

/** Points. Their x and y have the same length; a point with a non-finite coordinate leaves a gap. */
export interface Points {
  /** Positions on the horizontal axis. */
  readonly x: Values;
  /** Positions on the vertical axis. */
  readonly y: Values;
}

/** A name that is placed at the end of a mark instead of in the legend. */
export interface DirectLabel {
  /**
   * Name and style of the mark. If the name does not fit at the mark's end, it becomes an entry of the
   * legend.
   */
  readonly entry: LegendEntry;
  /** Value at which the mark ends, on the vertical axis or, for a vertical mark, on the horizontal one. */
  readonly at: number;
  /**
   * Whether the name is omitted if the value is beyond the axis. Defaults to false: it is then placed at the
   * axis's end.
   */
  readonly within?: boolean;
}

/** A mark: the values that the scales must include, and a function that draws it on the scales. */
export interface Mark {
  /** Values that the horizontal axis must include. */
  readonly xs: readonly number[];
  /** Values that the vertical axis must include. */
  readonly ys: readonly number[];
  /** Name at the right end of the mark. Defaults to none. */
  readonly label?: DirectLabel;
  /** Name above the upper end of a vertical mark. Defaults to none. */
  readonly above?: DirectLabel;
  /** Name and style of the mark in the legend. Defaults to none. */
  readonly entry?: LegendEntry;
  /** Returns the markup of the mark on two scales. */
  draw(x: Scale, y: Scale): string;
}

/** Returns a series as numbers, with NaN in place of null. */
export function toNumbers(values: Values): readonly number[] {
  return Array.from(values, (value) => value ?? NaN);
}

/** Returns x and y of points as numbers; throws a TypeError if they differ in length. */
export function pairedNumbers(
  markName: string,
  { x, y }: Points,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  assertPaired(markName, x, y);
  return { x: toNumbers(x), y: toNumbers(y) };
}

/** Throws a TypeError if two lists of a mark differ in length. */
export function assertPaired(markName: string, x: Values, y: Values): void {
  if (x.length === y.length) return;
  throw new TypeError(
    `Cannot draw ${markName}: expected ${x.length} values of y: received ${y.length}`,
  );
}

/**
 * Returns an object with the property `label` of a mark, which places the name at the mark's last finite
 * point. The object is empty if the mark has no name or no finite point.
 */
export function labelAtLastPoint(
  name: string | undefined,
  { x, y }: Points,
  style: Omit<LegendEntry, "name">,
): { readonly label?: DirectLabel } {
  if (name === undefined) return {};
  for (let i = x.length - 1; i >= 0; i--) {
    const end = y[i];
    if (Number.isFinite(x[i]) && typeof end === "number" && Number.isFinite(end)) {
      return { label: { entry: { name, ...style }, at: end } };
    }
  }
  return {};
}

/**
 * Returns an object with the property `entry` of a mark, its legend entry. The object is empty if the mark
 * has no name.
 */
export function legendEntryOption(
  name: string | undefined,
  style: Omit<LegendEntry, "name">,
): { readonly entry?: LegendEntry } {
  return name === undefined ? {} : { entry: { name, ...style } };
}

/** Returns the hover title of a point: the result of the option `title`, or the numbers `values`. */
export function pointTitle(
  title: ((index: number) => string) | undefined,
  index: number,
  ...values: readonly number[]
): string {
  return hoverTitle(title?.(index) ?? values.map((value) => formatNumber(value, 6)).join(", "));
}
