/**
 * Returns styles of series by index, for charts with many series.
 *
 * Colours alone are lost in grey printing, and five of them are not distinct for every kind of colour
 * blindness, so dashes and shapes change along with them. Their numbers have no common factor, so styles
 * repeat only after 30 lines and 60 groups of dots.
 *
 * @module
 */
import { type Shape, SHAPES } from "./shape.ts";
import type { Tone } from "./theme.ts";

/** Colours of series, in order of use. */
export const SERIES: readonly Tone[] = ["blue", "orange", "green", "purple", "ink"];

/** Lengths of dashes and gaps [px], in order of use. */
const DASHES: readonly string[] = ["none", "6 3", "2 3", "10 3 2 3", "14 4", "6 3 2 3 2 3"];

/** Style of the line of a series: options of {@link line}. */
export interface LineLook {
  /** Colour. */
  readonly tone: Tone;
  /** Lengths of dashes and gaps in pixels, or "none". */
  readonly dashes: string;
}

/** Style of the dots of a series: options of {@link dots}. */
export interface DotLook {
  /** Colour. */
  readonly tone: Tone;
  /** Shape. */
  readonly shape: Shape;
}

/** Returns the style of a line by its index. */
export function lineLook(index: number): LineLook {
  return { tone: itemInCycle(SERIES, index), dashes: itemInCycle(DASHES, index) };
}

/** Returns the style of dots by their index. */
export function dotLook(index: number): DotLook {
  return { tone: itemInCycle(SERIES, index), shape: itemInCycle(SHAPES, index) };
}

/** Returns the item at an index; after the last item, the first one follows again. */
function itemInCycle<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length];
}
