import { largest } from "./numbers.ts";
import { AXIS_SIZE } from "./axes/axes.ts";
import type { Figure } from "./figure.ts";
import { drawShape, type Shape } from "./shape.ts";
import { element } from "./svg.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";
import { fill, stroke, type Tone } from "./theme.ts";

/** A name with a sample of its mark. */
export interface LegendEntry {
  /** Name of the mark. */
  readonly name: string;
  /** Its colour. */
  readonly tone: Tone;
  /** The shape of its dots; without one, and without dashes, the sample is a filled box. */
  readonly shape?: Shape;
  /** The dashes of its line, or "none". */
  readonly dashes?: string;
  /** Opacity of a filled box, 0 to 1. Defaults to 1. */
  readonly opacity?: number;
}

/** Options of a legend. */
export interface LegendOptions {
  /** Width of the whole legend in pixels. */
  readonly width: number;
  /** The entries in their order, row by row. */
  readonly entries: readonly LegendEntry[];
}

const ROW = 17;
const SAMPLE = 20;
const GAP = 14;

/** Smallest opacity of a box; a fainter small box would hardly be visible. */
const FAINTEST = 0.35;

/** Width [px] to which names are cut. */
const LONGEST_NAME = 130;

/** Draws entries in columns of equal width, as many as fit; long names are cut. */
export function legend({ width, entries }: LegendOptions): Figure {
  const widest = largest(entries.map(({ name }) => textWidth(name, { size: AXIS_SIZE })));
  const room = Math.min(widest, LONGEST_NAME, width - SAMPLE - 6);
  const step = SAMPLE + 6 + room + GAP;
  const columns = Math.max(1, Math.min(entries.length, Math.floor((width + GAP) / step)));
  const markup = entries.map((entry, index) => {
    const left = (index % columns) * step;
    const middle = (Math.floor(index / columns) + 0.5) * ROW;
    const name = { size: AXIS_SIZE, width: room };
    return sample(entry, left, middle) + text(left + SAMPLE + 6, middle + 4, entry.name, name);
  });
  return { width, height: Math.ceil(entries.length / columns) * ROW, markup: markup.join("\n") };
}

function sample(
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
    return element("path", { class: stroke(tone), d, ...look }) + dot;
  }
  if (shape !== undefined) return dot;
  const box = { x: left + 4, y: y - 5, width: SAMPLE - 8, height: 10 };
  return element("rect", {
    class: fill(tone),
    ...box,
    "fill-opacity": Math.max(opacity, FAINTEST),
  });
}
