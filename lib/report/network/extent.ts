import type { Extent } from "deno-plot-svg";

/** The narrowest and the widest plot, as height ÷ width. */
const NARROWEST = 0.5;
const HIGHEST = 1;

interface Stored {
  readonly extent: Float32Array;
}

/** Returns the part of the plane that stored values cover. */
export function extentOf({ extent: [left, right, bottom, top] }: Stored): Extent {
  return { x: [left, right], y: [bottom, top] };
}

/** Returns the height of a plot in pixels at which both features have one scale, if that is not too extreme. */
export function heightOf({ extent: [left, right, bottom, top] }: Stored, width: number): number {
  const ratio = (top - bottom) / (right - left);
  return Math.round(width * Math.min(HIGHEST, Math.max(NARROWEST, ratio)));
}
