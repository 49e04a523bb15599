import { linearScale } from "../axes/scale.ts";
import type { Figure } from "../figure.ts";
import type { Mark } from "../marks/mark.ts";

/** Marks without axes. */
export interface PaneOptions {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Values at the left and the right edge. */
  readonly x: readonly [number, number];
  /** Values at the lower and the upper edge. */
  readonly y: readonly [number, number];
  /** What is drawn, the hindmost first; names of marks are left out. */
  readonly marks: readonly Mark[];
}

/** Marks over two linear scales without axes, titles or legend: a cell of a grid of pictures. */
export function pane({ width, height, x, y, marks }: PaneOptions): Figure {
  const horizontal = linearScale({ domain: x, range: [0, width], nice: false });
  const vertical = linearScale({ domain: y, range: [height, 0], nice: false });
  return { width, height, markup: marks.map((mark) => mark.draw(horizontal, vertical)).join("") };
}
