import type { Scale } from "./scale.ts";
import { element } from "./svg.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";
import { stroke } from "./theme.ts";

/** Font size of tick labels and titles of axes in pixels. */
export const AXIS_SIZE = 11;

/** Room below the plot for the tick labels and the title of the horizontal axis, in pixels. */
export const BELOW = 40;

/** The box that an axis stands beside, in pixels. */
export interface Box {
  /** Left side. */
  readonly left: number;
  /** Right side. */
  readonly right: number;
  /** Upper side. */
  readonly top: number;
  /** Lower side. */
  readonly bottom: number;
}

/** Width that the tick labels of a vertical axis need, in pixels. */
export function labelsWidth(scale: Scale): number {
  return Math.max(0, ...scale.ticks.map(({ label }) => textWidth(label, { size: AXIS_SIZE })));
}

/** The horizontal axis: a line with ticks, numbers below, the title at its right end. */
export function horizontalAxis(scale: Scale, box: Box, title: string): string {
  const marks = scale.ticks.map(({ value, label }) => {
    const x = scale.at(value);
    const tick = { class: stroke("muted"), x1: x, y1: box.bottom, x2: x, y2: box.bottom + 4 };
    return element("line", tick) +
      text(x, box.bottom + 16, label, { size: AXIS_SIZE, tone: "muted", anchor: "middle" });
  });
  const base = { x1: box.left, y1: box.bottom, x2: box.right, y2: box.bottom };
  return element("line", { class: stroke("muted"), ...base }) + marks.join("") +
    text(box.right, box.bottom + 33, title, { size: AXIS_SIZE, tone: "muted", anchor: "end" });
}

/** The vertical axis: faint lines across the plot, numbers on the left, the title above them. */
export function verticalAxis(scale: Scale, box: Box, title: string): string {
  const marks = scale.ticks.map(({ value, label }) => {
    const y = scale.at(value);
    return element("line", { class: stroke("faint"), x1: box.left, y1: y, x2: box.right, y2: y }) +
      text(box.left - 8, y + 4, label, { size: AXIS_SIZE, tone: "muted", anchor: "end" });
  });
  return marks.join("") + text(0, AXIS_SIZE, title, { size: AXIS_SIZE, tone: "muted" });
}
