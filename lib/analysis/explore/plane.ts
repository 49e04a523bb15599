import { key, permutation } from "../../tensor/random.ts";
import type { Normalization, Split } from "../../data/dataset.ts";
import { standardize } from "../../data/normalize/standardize.ts";
import { pca } from "../../data/reduce/pca.ts";
import { allRows } from "../../data/split/stratify.ts";
import { featureCount, labelsOf } from "../../data/split/samples.ts";

/** Coordinates of samples in the plane of their first two principal components, or of their only two features. */
export interface Plane {
  /** Rows of the samples in their file, rising. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Index of the class of each sample. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** First coordinate of each sample. */
  readonly x: Float64Array<ArrayBuffer>;
  /** Second coordinate of each sample. */
  readonly y: Float64Array<ArrayBuffer>;
  /** Whether x and y are the two columns of a table, and not principal components. */
  readonly isOfColumns: boolean;
  /** Variance along each principal component, falling; as many as `features`. */
  readonly variances: Float64Array<ArrayBuffer>;
  /** Number of features from which the components are computed: all, or some if there are too many. */
  readonly features: number;
  /** Whether each feature was divided by its standard deviation. */
  readonly scaled: boolean;
}

/** Options of a plane: how many samples and features are used, and the seed that chooses them. */
interface PlaneOptions {
  /** Seed of the random choice of samples and features. */
  readonly seed: number;
  /** Largest number of samples; of more, some are chosen at random. */
  readonly mostSamples: number;
  /**
   * Largest number of features; of more, some are chosen at random. The time of the computation grows with the
   * third power of their number.
   */
  readonly mostFeatures: number;
}

/**
 * Projects samples of a split on their first two principal components (see {@linkcode pca}). Columns of a
 * table, which have different units, are standardized first; pixels of images are not. The samples of a table
 * with two columns have these as coordinates.
 *
 * @returns undefined if there are fewer than 2 features or 3 samples, or if no feature varies
 */
export function projectOnPlane(split: Split, options: PlaneOptions): Plane | undefined {
  const { seed, mostSamples, mostFeatures } = options;
  const all = featureCount(split);
  if (all < 2 || split.rows.length < 3) return undefined;
  const places = chooseAtRandom(split.rows.length, mostSamples, key(seed, "explore", "samples"));
  const rows = Uint32Array.from(places, (place) => split.rows[place]);
  const features = chooseAtRandom(all, mostFeatures, key(seed, "explore", "features"));
  const taken = selectRowsAndFeatures({ samples: split.samples, rows }, features);
  const scaled = split.samples.shape.length === 1;
  const normalization = scaled ? standardize({ per: "feature" })(taken) : AS_THEY_ARE;
  const { mean, components, variances } = pca({ components: 2 })(taken, normalization);
  if (!(variances[0] > 0)) return undefined;
  const isOfColumns = scaled && all === 2;
  const along = (component: 0 | 1) =>
    isOfColumns
      ? Float64Array.from(rows, (row) => split.samples.values[2 * row + component])
      : projectOnDirection(taken, normalization, {
        mean,
        direction: components.filter((_, i) => i % 2 === component),
      });
  return {
    rows,
    labels: labelsOf({ samples: split.samples, rows }),
    x: along(0),
    y: along(1),
    isOfColumns,
    variances,
    features: features.length,
    scaled,
  };
}

/** Normalization that does not change values. */
const AS_THEY_ARE: Normalization = { name: "none", shift: 0, scale: 1 };

/**
 * Returns whole numbers from 0 to `count` − 1, rising: all of them if there are at most `most`, otherwise
 * `most` random ones.
 *
 * @param randomKey key of the random stream from which they are drawn
 */
function chooseAtRandom(
  count: number,
  most: number,
  randomKey: ReturnType<typeof key>,
): Uint32Array<ArrayBuffer> {
  return count <= most ? allRows(count) : permutation(randomKey, count).slice(0, most).sort();
}

/**
 * Copies the rows of a split, and only some of their features, to a split with consecutive rows.
 *
 * @param features indices of the features
 */
function selectRowsAndFeatures({ samples, rows }: Split, features: Uint32Array): Split {
  const all = featureCount({ samples, rows });
  const { values } = samples;
  const length = rows.length * features.length;
  const kept = values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  rows.forEach((row, i) =>
    features.forEach((feature, j) => kept[i * features.length + j] = values[row * all + feature])
  );
  const labels = labelsOf({ samples, rows });
  return {
    samples: { count: rows.length, shape: [features.length], values: kept, labels },
    rows: allRows(rows.length),
  };
}

/**
 * Computes (y − mean) · direction for each sample x, with y = (x − shift) ∘ scale: [samples]. Sums are in the
 * order of the features.
 */
function projectOnDirection(
  { samples: { count, values } }: Split,
  { shift, scale }: Normalization,
  { mean, direction }: { readonly mean: Float32Array; readonly direction: Float32Array },
): Float64Array<ArrayBuffer> {
  const features = mean.length;
  const at = (values: number | Float32Array, feature: number) =>
    typeof values === "number" ? values : values[feature];
  const places = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let f = 0; f < features; f++) {
      const y = (values[row * features + f] - at(shift, f)) * at(scale, f);
      sum += (y - mean[f]) * direction[f];
    }
    places[row] = sum;
  }
  return places;
}
