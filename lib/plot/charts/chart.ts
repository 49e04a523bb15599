import {
  ABOVE,
  type AxisOptions,
  axisScale,
  BELOW,
  drawGridLines,
  drawHorizontalTicks,
  drawHorizontalTitle,
  drawVerticalTicks,
  drawVerticalTitle,
  endLabelHalfWidths,
  type PlotArea,
  TICK_GAP,
  tickLabelsWidth,
} from "../axes/axes.ts";
import {
  directLabelsWidth,
  drawLabelsAbove,
  drawLabelsBeside,
  LABEL_GAP,
  labelsFitBeside,
} from "../direct_labels.ts";
import { column, type Figure } from "../figure.ts";
import { legend, type LegendEntry } from "../legend.ts";
import type { Mark } from "../marks/mark.ts";
import { drawText } from "../text.ts";

/** Options of a chart: size, axes and marks. */
export interface ChartOptions {
  /** Width of the whole chart in pixels. */
  readonly width: number;
  /** Height of the chart in pixels, without the legend below it. */
  readonly height: number;
  /** The horizontal axis. */
  readonly x: AxisOptions;
  /** The vertical axis. */
  readonly y: AxisOptions;
  /** The marks, drawn in order. */
  readonly marks: readonly Mark[];
}

/** Largest fraction of a chart's width that names beside the right ends of marks may take. */
const MOST_LABELS = 0.4;

/**
 * Draws marks in a coordinate system of two axes. The name of a mark (its `label`) is beside the right end of
 * the mark; names that would overlap are moved apart. If they do not fit, all of them are in the legend below
 * the chart, together with names that are meant for the legend. Without finite values, a text replaces the
 * chart.
 *
 * @throws {RangeError} if a mark on a log axis has a negative value
 */
export function chart({ width, height, x, y, marks }: ChartOptions): Figure {
  const named = marks.flatMap(({ label }) => label === undefined ? [] : [label]);
  const bottom = height - BELOW;
  const beside = labelsFitBeside(named, bottom - ABOVE) ? named : [];
  const room = Math.min(MOST_LABELS * width, directLabelsWidth(beside));
  const vertical = axisScale(y, marks.flatMap(({ ys }) => ys), [bottom, ABOVE]);
  const across = (left: number, right: number) =>
    axisScale({ nice: false, ...x }, marks.flatMap(({ xs }) => xs), [left, right]);
  const ends = endLabelHalfWidths(across(0, width));
  const left = Math.max(ends[0], tickLabelsWidth(vertical, y) + TICK_GAP);
  const right = width - Math.max(TICK_GAP, ends[1], room);
  const horizontal = across(left, right);
  if (horizontal === undefined || vertical === undefined) {
    return { width, height, markup: drawText(0, ABOVE, "No finite values", { tone: "muted" }) };
  }
  const box: PlotArea = { left, right, top: ABOVE, bottom };
  const above = marks.flatMap(({ above }) => above === undefined ? [] : [above]);
  const markup = [
    drawGridLines(vertical, box) + drawVerticalTicks(vertical, box, y) +
    drawVerticalTitle(y.title, width),
    drawHorizontalTicks(horizontal, box) + drawHorizontalTitle(x.title, box),
    ...marks.map((mark) => mark.draw(horizontal, vertical)),
    drawLabelsBeside(beside, vertical, { left: right + LABEL_GAP, width: room - LABEL_GAP }),
    drawLabelsAbove(above, horizontal, ABOVE - 4),
  ];
  const figure = { width, height, markup: markup.filter((each) => each !== "").join("\n") };
  const listed = beside.length === named.length ? [] : named.map(({ entry }) => entry);
  return withLegend(figure, [...legendEntries(marks), ...listed]);
}

/** Returns the legend entries of marks; marks without a name in the legend are omitted. */
export function legendEntries(marks: readonly Mark[]): readonly LegendEntry[] {
  return marks.flatMap(({ entry }) => entry === undefined ? [] : [entry]);
}

/**
 * Returns a figure with a legend below it, or as it is if there are no entries. Entries with the same name
 * are merged.
 */
export function withLegend(figure: Figure, entries: readonly LegendEntry[]): Figure {
  if (entries.length === 0) return figure;
  const distinct = [...new Map(entries.map((entry) => [entry.name, entry])).values()];
  return column([figure, legend({ width: figure.width, entries: distinct })], { gap: 8 });
}
