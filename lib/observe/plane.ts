/**
 * Samples of two features as points of the plane, and a grid over it.
 *
 * @module
 */
import type { Samples, Split } from "../data/dataset.ts";
import {
  copyFeatures,
  evenlySpaced,
  featureCount,
  labelsOf,
  rawSplit,
} from "../data/split/samples.ts";
import { group, optional, tensor } from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";

/** Points of a split that are kept, at most. */
const POINTS = 400;

/** Margin around the training samples on each side, as a fraction of their extent. */
const MARGIN = 0.1;

/** Points of the plane with their classes. */
export interface PlanePoints {
  /** Both features as loaded [points, 2]. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Class of each point [points]. */
  readonly labels: Uint16Array<ArrayBuffer>;
}

/** Some samples of the splits as points of the plane. */
export interface Plane {
  readonly train: PlanePoints;
  readonly validation?: PlanePoints;
}

const points = (split: string) =>
  group({
    points: tensor("F32", ["points", 2], `both features of some ${split} samples`),
    labels: tensor("U16", ["points"], "classes of these"),
  });

/** Observer of data with two features: keeps some training and validation samples. */
export const plane: Observer<Plane> = {
  name: "plane",
  fields: group({ train: points("training"), validation: optional(points("validation")) }),
  data(_, { train, validation }) {
    if (!isPlane(train)) return undefined;
    return {
      train: pointsOf(train),
      ...(validation === undefined ? {} : { validation: pointsOf(validation) }),
    };
  },
};

/** Returns whether samples have two features as loaded, and no preparation has changed them. */
export function isPlane(split: Split): boolean {
  return featureCount(split) === 2 && split.samples.prepared === undefined;
}

function pointsOf(split: Split): PlanePoints {
  const raw = rawSplit(split);
  const rows = evenlySpaced(raw.rows, POINTS);
  const kept = { samples: raw.samples, rows };
  return { points: Float32Array.from(copyFeatures(kept, rows)), labels: labelsOf(kept) };
}

/** Smallest and largest coordinate of the plane along both features, row-major [feature, end]. */
export type Extent = Float32Array<ArrayBuffer>;

/** Returns the extent of samples of two features, and a margin around them. */
export function extentOf({ samples: { values }, rows }: Split): Extent {
  const ends = [0, 1].flatMap((feature) => {
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      low = Math.min(low, values[2 * row + feature]);
      high = Math.max(high, values[2 * row + feature]);
    }
    const margin = MARGIN * (high - low) || 1; // where all are alike there is a plane all the same
    return [low - margin, high + margin];
  });
  return Float32Array.from(ends);
}

/**
 * Returns the points of a grid of side × side over an extent as samples without meaningful labels: the
 * middles of its cells, row by row from the largest value of the second feature to the smallest.
 */
export function gridOver([left, right, bottom, top]: Extent, side: number): Split {
  const count = side * side;
  const values = new Float32Array(2 * count);
  for (let index = 0; index < count; index++) {
    const [across, down] = [index % side + 0.5, Math.floor(index / side) + 0.5];
    values[2 * index] = left + (right - left) * across / side;
    values[2 * index + 1] = top - (top - bottom) * down / side;
  }
  const samples: Samples = { count, shape: [2], values, labels: new Uint16Array(count) };
  return { samples, rows: Uint32Array.from({ length: count }, (_, row) => row) };
}
