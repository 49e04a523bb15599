import { linearScale } from "../axes/scale.ts";
import type { Figure } from "../figure.ts";
import type { Mark } from "../marks/mark.ts";

/** Options of marks without axes. */
export interface PaneOptions {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Values of x at the left and at the right edge. */
  readonly x: readonly [number, number];
  /** Values of y at the lower and at the upper edge. */
  readonly y: readonly [number, number];
  /** The marks, drawn in order. Their names are not drawn. */
  readonly marks: readonly Mark[];
}

/**
 * Draws marks on two linear scales without axes, titles and legend, for example as a cell of a grid of
 * pictures.
 */
export function pane({ width, height, x, y, marks }: PaneOptions): Figure {
  const horizontal = linearScale({ domain: x, range: [0, width], nice: false });
  const vertical = linearScale({ domain: y, range: [height, 0], nice: false });
  return { width, height, markup: marks.map((mark) => mark.draw(horizontal, vertical)).join("") };
}
