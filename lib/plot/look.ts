/**
 * Looks of series by their number, for charts with more series than anyone wants to style by hand.
 *
 * Colours alone do not survive grey printing, nor five of them every kind of colour blindness, so
 * dashes and shapes change along with them. Their counts have no common factor: looks repeat only
 * after 30 lines and 60 groups of dots.
 *
 * @module
 */
import { type Shape, SHAPES } from "./shape.ts";
import type { Tone } from "./theme.ts";

/** Colours of series in the order in which they are given out. */
export const SERIES: readonly Tone[] = ["blue", "orange", "green", "purple", "ink"];

/** Lengths of dashes and gaps in pixels, in the order in which they are given out. */
const DASHES: readonly string[] = ["none", "6 3", "2 3", "10 3 2 3", "14 4", "6 3 2 3 2 3"];

/** How the line of a series looks: options of {@link line}. */
export interface LineLook {
  /** Colour. */
  readonly tone: Tone;
  /** Lengths of dashes and gaps in pixels, or "none". */
  readonly dashes: string;
}

/** How the dots of a series look: options of {@link dots}. */
export interface DotLook {
  /** Colour. */
  readonly tone: Tone;
  /** Shape. */
  readonly shape: Shape;
}

/** The look of the line with a number from 0. */
export function lineLook(index: number): LineLook {
  return { tone: cycled(SERIES, index), dashes: cycled(DASHES, index) };
}

/** The look of the dots with a number from 0. */
export function dotLook(index: number): DotLook {
  return { tone: cycled(SERIES, index), shape: cycled(SHAPES, index) };
}

function cycled<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length];
}
