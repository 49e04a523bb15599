import { largestOrZero } from "../numbers.ts";
import { extent, linearScale, logScale, type Scale } from "./scale.ts";
import { element } from "../svg.ts";
import { drawText } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { strokeClass } from "../theme.ts";
import type { Tick } from "./ticks.ts";

/** Font size [px] of the tick labels and titles of axes. */
export const AXIS_SIZE = 11;

/** Space [px] below the plot for the tick labels and the title of the horizontal axis. */
export const BELOW = 40;

/** Space [px] above the plot for the title of the vertical axis. */
export const ABOVE = 26;

/** Space [px] between a vertical axis and its tick labels. */
export const TICK_GAP = 8;

/** Default of the largest width [px] of the tick labels of a vertical axis; longer ones are cut. */
const LONGEST_TICK = 120;

/** Smallest space [px] between neighbouring tick labels. */
const BETWEEN_LABELS = 6;

/** Options of an axis. */
export interface AxisOptions {
  /** Title of the axis, with the unit. */
  readonly title: string;
  /** Kind of scale. Defaults to linear. */
  readonly scale?: "linear" | "log";
  /**
   * Smallest and largest value of the axis. Marks beyond are not clipped. Defaults to the range of the marks.
   */
  readonly domain?: readonly [number, number];
  /**
   * Whether a domain that is determined from the marks is widened to the next ticks. Defaults to true for the
   * vertical axis and false for the horizontal one.
   */
  readonly nice?: boolean;
  /** Whether a domain that is determined from the marks always includes 0. Defaults to false. */
  readonly zero?: boolean;
  /** Approximate number of ticks. Defaults to 5. */
  readonly count?: number;
  /** Ticks of the axis, for example names of categories. Defaults to round numbers in the domain. */
  readonly ticks?: readonly Tick[];
  /** Width in pixels to which the tick labels of a vertical axis are cut. Defaults to 120. */
  readonly longest?: number;
}

/** Area [px] of the plot, in which marks are drawn. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/**
 * Returns the scale of an axis whose domain includes the values of its marks. Returns undefined if no value
 * is finite or, for a log axis, positive. On a log axis, 0 has no position.
 *
 * @param range positions [px] of the ends of the axis
 * @throws {RangeError} if the axis is logarithmic and a value negative
 */
export function axisScale(
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

/**
 * Returns half the widths [px] of the leftmost and of the rightmost tick label of a horizontal axis; 0
 * without ticks.
 */
export function endLabelHalfWidths(
  scale: Scale | undefined,
): readonly [first: number, last: number] {
  const half = (tick: Tick | undefined) => textWidth(tick?.label ?? "", { size: AXIS_SIZE }) / 2;
  const ticks = scale?.ticks.toSorted((a, b) => scale.at(a.value) - scale.at(b.value));
  return [half(ticks?.[0]), half(ticks?.at(-1))];
}

/** Returns the width [px] of the widest tick label of a vertical axis, limited to the option `longest`. */
export function tickLabelsWidth(
  scale: Scale | undefined,
  { longest = LONGEST_TICK }: AxisOptions,
): number {
  const widths = (scale?.ticks ?? []).map(({ label }) => textWidth(label, { size: AXIS_SIZE }));
  return Math.min(longest, largestOrZero(widths));
}

/** Draws a horizontal axis with its ticks. A tick has no label where it would overlap the label before it. */
export function drawHorizontalTicks(scale: Scale, box: PlotArea): string {
  const marks = ticksWithoutOverlap(scale).map(({ x, label }) => {
    const tick = { class: strokeClass("muted"), x1: x, y1: box.bottom, x2: x, y2: box.bottom + 4 };
    return element("line", tick) +
      drawText(x, box.bottom + 16, label, { size: AXIS_SIZE, tone: "muted", anchor: "middle" });
  });
  return drawHorizontalBase(box) + marks.join("");
}

/** Draws the line of a horizontal axis without ticks. */
export function drawHorizontalBase({ left, right, bottom }: PlotArea): string {
  return element("line", {
    class: strokeClass("muted"),
    x1: left,
    y1: bottom,
    x2: right,
    y2: bottom,
  });
}

/** Draws the title of a horizontal axis below its right end. */
export function drawHorizontalTitle(title: string, { left, right, bottom }: PlotArea): string {
  const style = { size: AXIS_SIZE, tone: "muted", anchor: "end", width: right - left } as const;
  return drawText(right, bottom + 33, title, style);
}

/** Draws a faint horizontal line across the plot at each tick of a vertical axis. */
export function drawGridLines(scale: Scale, { left, right }: PlotArea): string {
  return scale.ticks.map(({ value }) => {
    const y = scale.at(value);
    return element("line", { class: strokeClass("faint"), x1: left, y1: y, x2: right, y2: y });
  }).join("");
}

/** Draws the tick labels of a vertical axis, left of the plot. */
export function drawVerticalTicks(
  scale: Scale,
  { left }: PlotArea,
  { longest = LONGEST_TICK }: AxisOptions,
): string {
  const style = { size: AXIS_SIZE, tone: "muted", anchor: "end", width: longest } as const;
  return scale.ticks.map(({ value, label }) =>
    drawText(left - TICK_GAP, scale.at(value) + 4, label, style)
  ).join("");
}

/** Draws the title of a vertical axis above the plot, cut to a width [px]. */
export function drawVerticalTitle(title: string, width: number): string {
  return drawText(0, AXIS_SIZE, title, { size: AXIS_SIZE, tone: "muted", width });
}

/**
 * Returns the ticks of a horizontal axis from left to right [px]. Labels that would overlap the previous one
 * are empty.
 */
function ticksWithoutOverlap(
  scale: Scale,
): readonly { readonly x: number; readonly label: string }[] {
  let free = -Infinity;
  const ticks = scale.ticks.map(({ value, label }) => ({ x: scale.at(value), label }));
  return ticks.toSorted((a, b) => a.x - b.x).map(({ x, label }) => {
    const half = textWidth(label, { size: AXIS_SIZE }) / 2;
    if (label === "" || x - half < free) return { x, label: "" };
    free = x + half + BETWEEN_LABELS;
    return { x, label };
  });
}
