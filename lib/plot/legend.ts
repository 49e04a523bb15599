import { largestOrZero } from "./numbers.ts";
import { AXIS_SIZE } from "./axes/axes.ts";
import type { Figure } from "./figure.ts";
import { drawShape, type Shape } from "./shape.ts";
import { element } from "./svg.ts";
import { drawText } from "./text.ts";
import { textWidth } from "./text_width.ts";
import { fillClass, strokeClass, type Tone } from "./theme.ts";

/** The name of a mark, and the style in which the legend shows a sample of the mark. */
export interface LegendEntry {
  /** Name of the mark. */
  readonly name: string;
  /** Colour of the mark. */
  readonly tone: Tone;
  /** Shape of the mark's dots. Without a shape and without dashes, the sample is a filled box. */
  readonly shape?: Shape;
  /** Lengths of dashes and gaps of the mark's line in pixels, or "none" for a solid line. */
  readonly dashes?: string;
  /** Opacity of a filled box, 0 to 1. Defaults to 1. */
  readonly opacity?: number;
}

/** Options of a legend. */
export interface LegendOptions {
  /** Width of the whole legend in pixels. */
  readonly width: number;
  /** The entries, row by row. */
  readonly entries: readonly LegendEntry[];
}

/** Height [px] of a row. */
const ROW = 17;

/** Width [px] of the sample of a mark. */
const SAMPLE = 20;

/** Space [px] between two columns. */
const GAP = 14;

/** Smallest opacity of a box. A small box with a lower opacity would hardly be visible. */
const FAINTEST = 0.35;

/** Width [px] to which names are cut. */
const LONGEST_NAME = 130;

/** Draws a legend in as many columns of equal width as fit. Names wider than 130 pixels are cut. */
export function legend({ width, entries }: LegendOptions): Figure {
  const widest = largestOrZero(entries.map(({ name }) => textWidth(name, { size: AXIS_SIZE })));
  const room = Math.min(widest, LONGEST_NAME, width - SAMPLE - 6);
  const step = SAMPLE + 6 + room + GAP;
  const columns = Math.max(1, Math.min(entries.length, Math.floor((width + GAP) / step)));
  const markup = entries.map((entry, index) => {
    const left = (index % columns) * step;
    const middle = (Math.floor(index / columns) + 0.5) * ROW;
    const name = { size: AXIS_SIZE, width: room };
    return drawSample(entry, left, middle) +
      drawText(left + SAMPLE + 6, middle + 4, entry.name, name);
  });
  return { width, height: Math.ceil(entries.length / columns) * ROW, markup: markup.join("\n") };
}

/** Draws the sample of a mark: a line, a dot, both, or a filled box. */
function drawSample(
  { tone, shape, dashes, opacity = 1 }: LegendEntry,
  left: number,
  y: number,
): string {
  const dot = shape === undefined
    ? ""
    : drawShape(shape, { x: left + SAMPLE / 2, y, radius: 3.5, tone });
  if (dashes !== undefined) {
    const d = `M${left},${y}H${left + SAMPLE}`;
    const look = { "stroke-width": 2, "stroke-dasharray": dashes };
    return element("path", { class: strokeClass(tone), d, ...look }) + dot;
  }
  if (shape !== undefined) return dot;
  const box = { x: left + 4, y: y - 5, width: SAMPLE - 8, height: 10 };
  return element("rect", {
    class: fillClass(tone),
    ...box,
    "fill-opacity": Math.max(opacity, FAINTEST),
  });
}
