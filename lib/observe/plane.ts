/**
 * Observes samples of two features as points of the plane, and computes a grid over that plane.
 *
 * @module
 */
import type { Samples, Split } from "../data/dataset.ts";
import {
  copyFeatures,
  featureCount,
  labelsOf,
  pickEvenlySpaced,
  unpreparedSplit,
} from "../data/split/samples.ts";
import { fieldGroup, optionalField, tensorField } from "../run/codec/fields.ts";
import type { Observer } from "../train/observation/observer.ts";

/** Largest number of samples of a split that are stored. */
const POINTS = 400;

/** Margin on each side of the training samples, as a fraction of their extent along that axis. */
const MARGIN = 0.1;

/** Samples of a split as points of the plane, with their classes. */
export interface PlanePoints {
  /** Both features of each sample as they were loaded [points, 2]. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Class of each sample [points]. */
  readonly labels: Uint16Array<ArrayBuffer>;
}

/** Some training samples as points of the plane, and validation samples if there are any. */
export interface Plane {
  readonly train: PlanePoints;
  readonly validation?: PlanePoints;
}

/** Returns the fields in which the points of a split are stored; `split` is its name in their descriptions. */
const points = (split: string) =>
  fieldGroup({
    points: tensorField("F32", ["points", 2], `both features of some ${split} samples`),
    labels: tensorField("U16", ["points"], "classes of these"),
  });

/** Observer of data with two features: stores some training and validation samples. */
export const plane: Observer<Plane> = {
  name: "plane",
  fields: fieldGroup({
    train: points("training"),
    validation: optionalField(points("validation")),
  }),
  data(_, { train, validation }) {
    if (!hasTwoRawFeatures(train)) return undefined;
    return {
      train: planePoints(train),
      ...(validation === undefined ? {} : { validation: planePoints(validation) }),
    };
  },
};

/** Returns whether the samples of a split have two features that no preparation has changed. */
export function hasTwoRawFeatures(split: Split): boolean {
  return featureCount(split) === 2 && split.samples.prepared === undefined;
}

/** Returns at most 400 samples of a split, evenly spaced over its rows, as points of the plane. */
function planePoints(split: Split): PlanePoints {
  const raw = unpreparedSplit(split);
  const rows = pickEvenlySpaced(raw.rows, POINTS);
  const kept = { samples: raw.samples, rows };
  return { points: Float32Array.from(copyFeatures(kept, rows)), labels: labelsOf(kept) };
}

/** Smallest and largest coordinate of the plane along both features, row-major [feature, end]. */
export type Extent = Float32Array<ArrayBuffer>;

/**
 * Returns the smallest and largest value of both features over the samples of a split with two features, widened
 * on each side by 10 % of their difference, or by 1 if they are equal.
 */
export function extentWithMargin({ samples: { values }, rows }: Split): Extent {
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
 * Returns the middles of the side × side cells of a grid over an extent as samples, row by row. The first row of
 * cells has the largest value of the second feature. All labels are 0 and have no meaning.
 */
export function gridSamples([left, right, bottom, top]: Extent, side: number): Split {
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
