import {
  ABOVE,
  type AxisOptions,
  BELOW,
  type Box,
  horizontalLines,
  horizontalTicks,
  horizontalTitle,
  labelsWidth,
  scaleOf,
  TICK_GAP,
  verticalTicks,
  verticalTitle,
} from "./axes.ts";
import { directLabels, directLabelsWidth, LABEL_GAP } from "./direct_labels.ts";
import { column, type Figure } from "./figure.ts";
import { legend } from "./legend.ts";
import type { Mark } from "./marks/mark.ts";
import { text } from "./text.ts";

/** A chart over two axes. */
export interface ChartOptions {
  /** Width of the whole chart in pixels. */
  readonly width: number;
  /** Height of the chart in pixels, without the legend below it. */
  readonly height: number;
  /** The horizontal axis. */
  readonly x: AxisOptions;
  /** The vertical axis. */
  readonly y: AxisOptions;
  /** What is drawn, the hindmost first. */
  readonly marks: readonly Mark[];
}

/** The part of a chart's width that names beside the ends of marks take at most. */
const MOST_LABELS = 0.4;

/** Room on the right of the plot at least, for half of the last tick's label, in pixels. */
const BESIDE = 8;

/**
 * Marks over two axes. Names of marks stand beside their right ends, moved apart where they would
 * overlap; marks that have a name in the legend instead are listed below the chart, where no data
 * is. Without any finite value the chart says so.
 *
 * @throws {RangeError} if a log axis shall show a negative value
 */
export function chart(options: ChartOptions): Figure {
  return withLegend(plot(options), options.marks);
}

/** A figure above the legend of its marks; entries of the same name are one. */
export function withLegend(figure: Figure, marks: readonly Mark[]): Figure {
  const named = marks.flatMap(({ entry }) =>
    entry === undefined ? [] : [[entry.name, entry]] as const
  );
  const entries = [...new Map(named).values()];
  if (entries.length === 0) return figure;
  return column([figure, legend({ width: figure.width, entries })], { gap: 8 });
}

function plot({ width, height, x, y, marks }: ChartOptions): Figure {
  const names = marks.flatMap(({ label }) => label === undefined ? [] : [label]);
  const beside = Math.min(MOST_LABELS * width, directLabelsWidth(names));
  const right = width - Math.max(BESIDE, beside);
  const bottom = height - BELOW;
  const vertical = scaleOf(y, marks.flatMap(({ ys }) => ys), [bottom, ABOVE]);
  const left = (vertical === undefined ? 0 : labelsWidth(vertical)) + TICK_GAP;
  const horizontal = scaleOf(x, marks.flatMap(({ xs }) => xs), [left, right], false);
  if (horizontal === undefined || vertical === undefined) {
    return { width, height, markup: text(0, ABOVE, "No finite values", { tone: "muted" }) };
  }
  const box: Box = { left, right, top: ABOVE, bottom };
  const room = { left: right + LABEL_GAP, width: beside - LABEL_GAP };
  const markup = [
    horizontalLines(vertical, box) + verticalTicks(vertical, box) + verticalTitle(y.title, width),
    horizontalTicks(horizontal, box) + horizontalTitle(x.title, box),
    ...marks.map((mark) => mark.draw(horizontal, vertical)),
    directLabels(names, vertical, room),
  ];
  return { width, height, markup: markup.filter((each) => each !== "").join("\n") };
}
