import type { Extent } from "deno-plot-svg";

/** Smallest ratio of a plot's height to its width. */
const LOWEST = 0.5;

/** Largest ratio of a plot's height to its width. */
const HIGHEST = 1;

/** Observed values over a part of the plane of two features. */
interface GridValues {
  /** Smallest and largest value of each of the two features, row-major [feature, end]. */
  readonly extent: Float32Array;
}

/** Returns the part of the plane that a grid of observed values covers, for the marks of a chart. */
export function axisExtents({ extent: [left, right, bottom, top] }: GridValues): Extent {
  return { x: [left, right], y: [bottom, top] };
}

/**
 * Returns the height [px] of a plot of a given width [px] at which a unit of both features has the same
 * length. The height is limited to between half the width and the width.
 */
export function plotHeight(
  { extent: [left, right, bottom, top] }: GridValues,
  width: number,
): number {
  const ratio = (top - bottom) / (right - left);
  return Math.round(width * Math.min(HIGHEST, Math.max(LOWEST, ratio)));
}
