import { largest } from "../numbers.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { element } from "../svg.ts";
import { text } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { stroke } from "../theme.ts";
import type { Tick } from "./ticks.ts";

/** Font size of tick labels and titles of axes in pixels. */
export const AXIS_SIZE = 11;

/** Room below the plot for the tick labels and the title of the horizontal axis, in pixels. */
export const BELOW = 40;

/** Room above the plot for the title of the vertical axis, in pixels. */
export const ABOVE = 26;

/** From an axis to its numbers, in pixels. */
export const TICK_GAP = 8;

/** Tick labels of a vertical axis longer than this are cut unless told, in pixels. */
const LONGEST_TICK = 120;

/** Space between neighbouring tick labels at least, in pixels. */
const BETWEEN_LABELS = 6;

/** What an axis shows. */
export interface AxisOptions {
  /** What the numbers are, with their unit. */
  readonly title: string;
  /** Linear unless told. */
  readonly scale?: "linear" | "log";
  /** Smallest and largest value, instead of those of the marks, which are not cut at them. */
  readonly domain?: readonly [number, number];
  /** Whether the domain is widened to the next ticks; unless told, of the vertical axis only. */
  readonly nice?: boolean;
  /** Whether zero is part of the domain whatever the data; false unless told. */
  readonly zero?: boolean;
  /** About how many ticks; 5 unless told. */
  readonly count?: number;
  /** Ticks instead of those that the domain suggests, for example the names of categories. */
  readonly ticks?: readonly Tick[];
  /** Tick labels of a vertical axis longer than this are cut, in pixels; 120 unless told. */
  readonly longest?: number;
}

export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * The scale of an axis over what its marks hold; undefined if nothing of that is finite, or, on a log
 * axis, positive. Zero has no place on a log axis and is a gap.
 */
export function scaleOf(
  axis: AxisOptions,
  values: readonly number[],
  range: readonly [number, number],
): Scale | undefined {
  const log = axis.scale === "log";
  const found = extent(values);
  if (log && found !== undefined && found[0] < 0) {
    throw new RangeError(
      `Cannot draw log axis "${axis.title}": expected no negative value: received ${found[0]}`,
    );
  }
  const usable = log ? values.filter((value) => value > 0) : values;
  const domain = axis.domain ?? extent(axis.zero === true ? [0, ...usable] : usable);
  if (domain === undefined || extent(usable) === undefined) return undefined;
  const { count, ticks, nice = true } = axis;
  return (log ? logScale : linearScale)({
    domain,
    range,
    nice: nice && axis.domain === undefined,
    ...(count === undefined ? {} : { count }),
    ...(ticks === undefined ? {} : { ticks }),
  });
}

/** Half the width of the first and of the last number of a horizontal axis, in pixels. */
export function endsOf(scale: Scale | undefined): readonly [first: number, last: number] {
  const half = (tick: Tick | undefined) => textWidth(tick?.label ?? "", { size: AXIS_SIZE }) / 2;
  const ticks = scale?.ticks.toSorted((a, b) => scale.at(a.value) - scale.at(b.value));
  return [half(ticks?.[0]), half(ticks?.at(-1))];
}

/** Width that the tick labels of a vertical axis need, in pixels. */
export function labelsWidth(
  scale: Scale | undefined,
  { longest = LONGEST_TICK }: AxisOptions,
): number {
  const widths = (scale?.ticks ?? []).map(({ label }) => textWidth(label, { size: AXIS_SIZE }));
  return Math.min(longest, largest(widths));
}

/** The line of a horizontal axis with its ticks, and numbers below where they do not overlap. */
export function horizontalTicks(scale: Scale, box: Box): string {
  const marks = apart(scale).map(({ x, label }) => {
    const tick = { class: stroke("muted"), x1: x, y1: box.bottom, x2: x, y2: box.bottom + 4 };
    return element("line", tick) +
      text(x, box.bottom + 16, label, { size: AXIS_SIZE, tone: "muted", anchor: "middle" });
  });
  return horizontalBase(box) + marks.join("");
}

export function horizontalBase({ left, right, bottom }: Box): string {
  return element("line", { class: stroke("muted"), x1: left, y1: bottom, x2: right, y2: bottom });
}

export function horizontalTitle(title: string, { left, right, bottom }: Box): string {
  const style = { size: AXIS_SIZE, tone: "muted", anchor: "end", width: right - left } as const;
  return text(right, bottom + 33, title, style);
}

/** Faint lines across the plot at the ticks of a vertical axis. */
export function horizontalLines(scale: Scale, { left, right }: Box): string {
  return scale.ticks.map(({ value }) => {
    const y = scale.at(value);
    return element("line", { class: stroke("faint"), x1: left, y1: y, x2: right, y2: y });
  }).join("");
}

export function verticalTicks(
  scale: Scale,
  { left }: Box,
  { longest = LONGEST_TICK }: AxisOptions,
): string {
  const style = { size: AXIS_SIZE, tone: "muted", anchor: "end", width: longest } as const;
  return scale.ticks.map(({ value, label }) =>
    text(left - TICK_GAP, scale.at(value) + 4, label, style)
  ).join("");
}

export function verticalTitle(title: string, width: number): string {
  return text(0, AXIS_SIZE, title, { size: AXIS_SIZE, tone: "muted", width });
}

/** Ticks in pixels from left to right; a label that would run into the one before it is left out. */
function apart(scale: Scale): readonly { readonly x: number; readonly label: string }[] {
  let free = -Infinity;
  const ticks = scale.ticks.map(({ value, label }) => ({ x: scale.at(value), label }));
  return ticks.toSorted((a, b) => a.x - b.x).map(({ x, label }) => {
    const half = textWidth(label, { size: AXIS_SIZE }) / 2;
    if (label === "" || x - half < free) return { x, label: "" };
    free = x + half + BETWEEN_LABELS;
    return { x, label };
  });
}
