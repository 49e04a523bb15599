import {
  type ClassPoints,
  type Extent,
  type Mark,
  raster,
  scatter,
  tintedImage,
} from "deno-plot-svg";
import { type Boundary, BOUNDARY_SIDE } from "../../observe/boundary.ts";
import type { Plane, PlanePoints } from "../../observe/plane.ts";
import { axisExtents } from "./extent.ts";

/** Number of points of the plane at which a decision is observed at each moment. */
const CELLS = BOUNDARY_SIDE * BOUNDARY_SIDE;

/** Radius of the dots of validation samples, relative to that of the dots of training samples. */
const LARGER = 1.7;

/** Options of a drawing of a network's decisions over the plane of two features. */
export interface DecisionsOptions {
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Index of the moment of training that is drawn, from 0. */
  readonly moment: number;
  /** Description of the drawing for screen readers. */
  readonly name: string;
  /** Radius of the dots of training samples in pixels. Defaults to 1.5. */
  readonly radius?: number;
}

/**
 * Returns the marks of a decision boundary at one moment of training: an image of the most probable class at
 * each point of the plane, stronger the higher its probability, and dots of samples over the image.
 */
export function decisionMarks(
  decisions: Boundary,
  { train, validation }: Plane,
  { classes, moment, name, radius = 1.5 }: DecisionsOptions,
): readonly Mark[] {
  const own = <Values extends Uint8Array | Uint16Array>(values: Values) =>
    values.subarray(moment * CELLS, (moment + 1) * CELLS);
  const chance = 1 / classes.length;
  const image = tintedImage({
    width: BOUNDARY_SIDE,
    height: BOUNDARY_SIDE,
    classes: own(decisions.classes),
    strengths: Array.from(
      own(decisions.probabilities),
      (probability) => (probability / 255 - chance) / (1 - chance),
    ),
  });
  const extent = axisExtents(decisions);
  const dotsOf = (points: PlanePoints, radius: number) =>
    scatter(pointsInside(points, extent), { names: classes, radius, opacity: 1, merged: true });
  return [
    raster(image, extent, { name }),
    ...dotsOf(train, radius),
    ...(validation === undefined ? [] : dotsOf(validation, LARGER * radius)),
  ];
}

/** Returns those of the points that lie inside an extent, as validation samples may not. */
function pointsInside({ points, labels }: PlanePoints, extent: Extent): ClassPoints {
  const isIn = (value: number, [low, high]: readonly [number, number]) =>
    value >= low && value <= high;
  const rows = Array.from(labels, (_, row) => row)
    .filter((row) => isIn(points[2 * row], extent.x) && isIn(points[2 * row + 1], extent.y));
  return {
    x: rows.map((row) => points[2 * row]),
    y: rows.map((row) => points[2 * row + 1]),
    classes: rows.map((row) => labels[row]),
  };
}
