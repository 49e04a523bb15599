import { ABOVE, AXIS_SIZE, type AxisOptions, axisScale, tickLabelsWidth } from "../axes/axes.ts";
import type { Figure } from "../figure.ts";
import { formatCoordinate } from "../numbers.ts";
import { formatNumber } from "../../format/numbers.ts";
import type { Scale } from "../axes/scale.ts";
import { element, hoverTitle } from "../svg.ts";
import { drawText } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fillClass, strokeClass, type Tone } from "../theme.ts";

/** A line through one value on each axis. */
export interface ParallelLine {
  /** Name of the line, shown in its hover title before the values. */
  readonly name: string;
  /** A value for each axis; null and non-finite values leave a gap. */
  readonly values: readonly (number | null)[];
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Opacity, 0 to 1. Defaults to 0.55. */
  readonly opacity?: number;
}

/** Options of parallel coordinates. */
export interface ParallelCoordinatesOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Height of the whole figure in pixels. */
  readonly height: number;
  /**
   * The axes from left to right, at least two. Tick labels of categories are at most 100 pixels wide by
   * default.
   */
  readonly axes: readonly AxisOptions[];
  /** The lines, drawn in order. */
  readonly lines: readonly ParallelLine[];
}

/** An axis, its distance from the left [px], and its scale, which is undefined if no value is finite. */
interface PlacedAxis {
  readonly axis: AxisOptions & Required<Pick<AxisOptions, "longest">>;
  readonly x: number;
  readonly scale: Scale | undefined;
}

/** Space [px] below the axes. */
const FOOT = 8;

/**
 * Default of the largest width [px] of tick labels; longer ones are cut, since axes are close to each
 * other.
 */
const LONGEST_TICK = 100;

/**
 * Draws parallel coordinates (Inselberg, "The plane with parallel coordinates", 1985): a vertical axis for
 * each quantity, and a polyline for each item.
 *
 * @throws {TypeError} if there are fewer than two axes, or a line lacks a value for one
 * @throws {RangeError} if a log axis has a negative value
 */
export function parallelCoordinates(options: ParallelCoordinatesOptions): Figure {
  const { width, height, lines } = options;
  const axes = options.axes.map((axis) => ({ longest: LONGEST_TICK, ...axis }));
  assertComplete(axes, lines);
  const scales = axes.map((axis, index) =>
    axisScale(axis, lines.map(({ values }) => values[index] ?? NaN), [height - FOOT, ABOVE])
  );
  const widths = axes.map((axis, index) => tickLabelsWidth(scales[index], axis));
  const left = 8 + widths[0];
  const right = width - 8 - widths[widths.length - 1];
  const step = (right - left) / (axes.length - 1);
  const lanes = axes.map((axis, index) => ({ axis, x: left + index * step, scale: scales[index] }));
  const markup = [
    ...lanes.map(({ x }) =>
      element("line", { class: strokeClass("muted"), x1: x, y1: ABOVE, x2: x, y2: height - FOOT })
    ),
    ...lines.map((line) => drawLine(line, lanes)),
    ...lanes.map((lane, index) =>
      drawAxisLabels(lane, { step, width, last: index === lanes.length - 1 })
    ),
  ];
  return { width, height, markup: markup.filter((each) => each !== "").join("\n") };
}

/** Throws a TypeError unless there are two axes or more, and each line has a value for each axis. */
function assertComplete(axes: readonly AxisOptions[], lines: readonly ParallelLine[]): void {
  if (axes.length < 2) {
    throw new TypeError(
      `Cannot draw parallel coordinates: expected at least 2 axes: received ${axes.length}`,
    );
  }
  for (const { name, values } of lines) {
    if (values.length === axes.length) continue;
    throw new TypeError(
      `Cannot draw parallel coordinates: expected ${axes.length} values of "${name}": ` +
        `received ${values.length}`,
    );
  }
}

/** Draws a line, with its name and values as hover title; empty if no value is finite. */
function drawLine(line: ParallelLine, lanes: readonly PlacedAxis[]): string {
  const { name, values, tone = "blue", opacity = 0.55 } = line;
  let path = "";
  let joined = false;
  for (const [index, { x, scale }] of lanes.entries()) {
    const y = scale?.at(values[index] ?? NaN) ?? NaN;
    if (Number.isFinite(y)) {
      path += `${joined ? "L" : "M"}${formatCoordinate(x)},${formatCoordinate(y)}`;
    }
    joined = Number.isFinite(y);
  }
  if (path === "") return "";
  const texts = lanes.map(({ axis, scale }, index) => {
    const value = values[index] ?? NaN;
    const tick = axis.ticks?.find((each) => each.value === value);
    return `${axis.title} ${tick?.label ?? formatNumber(scale === undefined ? NaN : value, 6)}`;
  });
  return element("path", {
    class: strokeClass(tone),
    d: path,
    "stroke-width": 1.5,
    "stroke-opacity": opacity,
    "stroke-linejoin": "round",
    "stroke-linecap": "round",
  }, hoverTitle(`${name}: ${texts.join(", ")}`));
}

/** Draws the title of an axis above it, and the tick labels beside it on a background that hides lines. */
function drawAxisLabels(
  { axis, x, scale }: PlacedAxis,
  { step, width, last }: { readonly step: number; readonly width: number; readonly last: boolean },
): string {
  const room = step - 12;
  const half = Math.min(textWidth(axis.title, { size: AXIS_SIZE }), room) / 2;
  const middle = Math.min(width - half, Math.max(half, x));
  const title = drawText(middle, AXIS_SIZE, axis.title, {
    size: AXIS_SIZE,
    tone: "muted",
    anchor: "middle",
    width: room,
  });
  const ticks = scale?.ticks.map(({ value, label }) => {
    const y = scale.at(value);
    const length = Math.min(axis.longest, textWidth(label, { size: AXIS_SIZE }));
    const from = last ? x + 6 : x - 6 - length;
    const paper = { x: from - 1, y: y - 7, width: length + 2, height: 14 };
    return element("rect", { class: fillClass("paper"), ...paper, "fill-opacity": 0.85 }) +
      element("line", { class: strokeClass("muted"), x1: x - 3, y1: y, x2: x + 3, y2: y }) +
      drawText(from, y + 4, label, { size: AXIS_SIZE, tone: "muted", width: axis.longest });
  }) ?? [];
  return title + ticks.join("");
}
