import { type Mark, raster, scatter, tintedImage } from "deno-plot-svg";
import { type Boundary, BOUNDARY_SIDE } from "../../observe/boundary.ts";
import type { Plane, PlanePoints } from "../../observe/plane.ts";
import { extentOf } from "./extent.ts";

const CELLS = BOUNDARY_SIDE * BOUNDARY_SIDE;

/** Radius of dots in pixels. */
const RADIUS = { train: 1.5, validation: 2.6 } as const;

/** What the decisions of a network over the plane are drawn with. */
export interface DecisionsOptions {
  /** Names of the classes. */
  readonly classes: readonly string[];
  /** Which moment of the training, from 0. */
  readonly moment: number;
  /** What is shown, for those who do not see it. */
  readonly name: string;
}

/** Returns the regions of classes at a moment of training, and samples over them. */
export function decisionMarks(
  decisions: Boundary,
  { train, validation }: Plane,
  { classes, moment, name }: DecisionsOptions,
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
  return [
    raster(image, extentOf(decisions), { name }),
    ...dotsOf(train, classes, RADIUS.train),
    ...(validation === undefined ? [] : dotsOf(validation, classes, RADIUS.validation)),
  ];
}

function dotsOf(
  { points, labels }: PlanePoints,
  names: readonly string[],
  radius: number,
): readonly Mark[] {
  const coordinate = (feature: number) => points.filter((_, index) => index % 2 === feature);
  return scatter(
    { x: coordinate(0), y: coordinate(1), classes: labels },
    { names, radius, opacity: 1, merged: true },
  );
}
