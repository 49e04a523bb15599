import {
  ABOVE,
  AXIS_SIZE,
  type AxisOptions,
  axisScale,
  BELOW,
  drawGridLines,
  drawHorizontalBase,
  drawHorizontalTicks,
  drawHorizontalTitle,
  drawVerticalTicks,
  drawVerticalTitle,
  endLabelHalfWidths,
  type PlotArea,
  TICK_GAP,
  tickLabelsWidth,
} from "../axes/axes.ts";
import { legendEntries, withLegend } from "./chart.ts";
import type { Figure } from "../figure.ts";
import type { LegendEntry } from "../legend.ts";
import type { Mark } from "../marks/mark.ts";
import { extent, type Scale } from "../axes/scale.ts";
import { translate } from "../svg.ts";
import { drawText } from "../text.ts";

/** One of several small charts. */
export interface Facet {
  /** Title above the chart. */
  readonly title: string;
  /** The marks, drawn in order. */
  readonly marks: readonly Mark[];
}

/** Options of small multiples. */
export interface SmallMultiplesOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Number of charts in a row. */
  readonly columns: number;
  /** Height of the plot of each chart in pixels. Defaults to 80. */
  readonly height?: number;
  /** Horizontal axis of all charts. */
  readonly x: AxisOptions;
  /** Vertical axis of all charts. */
  readonly y: AxisOptions;
  /** The charts, row by row. */
  readonly facets: readonly Facet[];
}

/** Smallest space [px] between two charts. */
const GAP = 16;

/** Height [px] of the title above each chart. */
const TITLE = 20;

/** Smallest width [px] for each tick of the horizontal axis. */
const TICK_ROOM = 48;

/**
 * Draws small multiples (Tufte, "The Visual Display of Quantitative Information", 1983): a chart for each
 * facet, all with the same axes. Only charts on the left and at the bottom have tick labels. The names of all
 * marks are in one legend below.
 *
 * @throws {RangeError} if a log axis has a negative value
 */
export function smallMultiples(options: SmallMultiplesOptions): Figure {
  const { width, columns, height = 80, x, y, facets } = options;
  const marks = facets.flatMap((facet) => facet.marks);
  const vertical = axisScale(y, marks.flatMap(({ ys }) => ys), [height, 0]);
  const { left, right, gap, horizontal } = divideWidth(
    options,
    tickLabelsWidth(vertical, y) + TICK_GAP,
  );
  if (vertical === undefined || horizontal === undefined) {
    return { width, height: ABOVE + BELOW, markup: drawNoValues(0, ABOVE) };
  }
  const drawn = facets.map((facet, index) => {
    const [row, column] = [Math.floor(index / columns), index % columns];
    const corner = {
      left: left + column * (horizontal.range[1] + gap),
      top: ABOVE + row * (TITLE + height + GAP) + TITLE,
    };
    const tickLabelSides = { left: column === 0, below: index + columns >= facets.length };
    return drawFacet(facet, corner, { horizontal, vertical, tickLabelSides, y });
  });
  const rows = Math.ceil(facets.length / columns);
  const bottom = ABOVE + rows * (TITLE + height) + (rows - 1) * GAP;
  const titles = drawVerticalTitle(y.title, width) +
    drawHorizontalTitle(x.title, { left, right: width - right, top: 0, bottom });
  const figure = { width, height: bottom + BELOW, markup: [titles, ...drawn].join("\n") };
  return withLegend(figure, [...legendEntries(marks), ...labelLegendEntries(marks)]);
}

/** Space [px] on the left, on the right and between the charts, and the horizontal scale of each chart. */
interface ChartSpacing {
  readonly left: number;
  readonly right: number;
  readonly gap: number;
  readonly horizontal: Scale | undefined;
}

/**
 * Divides the width of the figure among the charts, with gaps that are wide enough for the tick labels at the
 * ends of horizontal axes.
 *
 * @param tickLabelWidth width [px] of the tick labels of the vertical axis
 */
function divideWidth(
  { width, columns, x, facets }: SmallMultiplesOptions,
  tickLabelWidth: number,
): ChartSpacing {
  const xs = facets.flatMap(({ marks }) => marks.flatMap((mark) => mark.xs));
  const count = Math.min(x.count ?? 5, Math.max(1, Math.floor(width / columns / TICK_ROOM)));
  const across = (each: number) => axisScale({ nice: false, ...x, count }, xs, [0, each]);
  const [first, last] = endLabelHalfWidths(across(width));
  const left = Math.max(first, tickLabelWidth);
  const right = Math.max(last, TICK_GAP);
  const gap = Math.max(GAP, first + last + 4);
  const each = (width - left - right - gap * (columns - 1)) / columns;
  return { left, right, gap, horizontal: across(each) };
}

/** Returns legend entries for names that a larger chart would place beside or above the marks. */
function labelLegendEntries(marks: readonly Mark[]): readonly LegendEntry[] {
  const labels = marks.flatMap(({ label, above }) => [label, above]);
  return labels.flatMap((label) => label === undefined ? [] : [label.entry]);
}

/** Draws the text that replaces a chart without finite values. */
function drawNoValues(x: number, y: number): string {
  return drawText(x, y, "No finite values", { size: AXIS_SIZE, tone: "muted" });
}

/** Scales and vertical axis of all charts, and the sides of one chart on which tick labels are drawn. */
interface FacetContext {
  readonly horizontal: Scale;
  readonly vertical: Scale;
  readonly tickLabelSides: { readonly left: boolean; readonly below: boolean };
  readonly y: AxisOptions;
}

/** Draws one chart with its title, at a position [px]. */
function drawFacet(
  { title, marks }: Facet,
  { left, top }: { readonly left: number; readonly top: number },
  { horizontal, vertical, tickLabelSides, y }: FacetContext,
): string {
  const [right, bottom] = [horizontal.range[1], vertical.range[0]];
  const box: PlotArea = { left: 0, right, top: 0, bottom };
  const markup = [
    drawText(0, -7, title, { size: AXIS_SIZE, bold: true, width: right }),
    drawGridLines(vertical, box),
    tickLabelSides.left ? drawVerticalTicks(vertical, box, y) : "",
    tickLabelSides.below ? drawHorizontalTicks(horizontal, box) : drawHorizontalBase(box),
    ...marks.map((mark) => mark.draw(horizontal, vertical)),
    extent(marks.flatMap(({ ys }) => ys)) === undefined ? drawNoValues(4, bottom - 6) : "",
  ];
  return translate(left, top, markup.join(""));
}
