/**
 * Covariance matrix of the normalized features of a split.
 *
 * @module
 */
import type { Normalization, Split } from "../dataset.ts";
import { featureMeans } from "../normalize/statistics.ts";

/** The mean and the covariance matrix of features. */
interface Covariance {
  /** Mean of each feature [features]. */
  readonly mean: Float64Array<ArrayBuffer>;
  /**
   * Covariance Σ (yᵢ − ȳᵢ)(yⱼ − ȳⱼ) ÷ (samples − 1) of each pair of features [features, features],
   * row-major.
   */
  readonly matrix: Float64Array<ArrayBuffer>;
}

/**
 * Computes the mean and covariance of the normalized features y = (x − shift) ∘ scale of a split.
 *
 * Both are first computed for the raw features x. The mean of y is then (x̄ − shift) ∘ scale, and the shift
 * does not change the covariance.
 *
 * @throws {RangeError} if the split has fewer than 2 samples, or a feature is not finite
 */
export function computeCovariance(split: Split, { shift, scale }: Normalization): Covariance {
  const { rows, samples: { values } } = split;
  if (rows.length < 2) {
    throw new RangeError(
      `Cannot compute a covariance: expected at least 2 samples: received ${rows.length}`,
    );
  }
  const mean = featureMeans(split);
  if (!mean.every(Number.isFinite)) {
    throw new RangeError("Cannot compute a covariance: expected finite features");
  }
  const features = mean.length;
  const matrix = values instanceof Uint8Array
    ? upperCovarianceOfBytes(values, split, features)
    : upperCovarianceOfFloats(values, split, mean);
  const at = (parameter: number | Float32Array, feature: number) =>
    typeof parameter === "number" ? parameter : parameter[feature];
  for (let i = 0; i < features; i++) {
    for (let j = 0; j <= i; j++) {
      const value = matrix[j * features + i] * at(scale, i) * at(scale, j);
      matrix[i * features + j] = value;
      matrix[j * features + i] = value;
    }
  }
  return { mean: mean.map((x, i) => (x - at(shift, i)) * at(scale, i)), matrix };
}

/**
 * Computes the upper triangle of the covariance matrix [features, features] of 8-bit features, from sums of
 * products over the rows of a split:
 *
 *     cᵢⱼ = (n Σ xᵢxⱼ − Σ xᵢ Σ xⱼ) ÷ n(n − 1)
 *
 * All sums are integers and exact below 2⁵³, which holds up to 370,000 rows. Therefore the difference is
 * exact, the order of addition does not matter, and zeros can be skipped.
 */
function upperCovarianceOfBytes(
  values: Uint8Array,
  { rows }: Split,
  features: number,
): Float64Array<ArrayBuffer> {
  const [sums, products] = sumByteProducts(values, rows, features);
  const n = rows.length;
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      const at = i * features + j;
      const product = sums[i] * sums[j];
      products[at] = (n * products[at] - product) / (n * (n - 1));
    }
  }
  return products;
}

/**
 * Computes Σ xᵢ [features], and Σ xᵢxⱼ for i ≤ j [features, features], over some rows of 8-bit features.
 * Zeros are skipped.
 */
function sumByteProducts(
  values: Uint8Array,
  rows: Uint32Array,
  features: number,
): readonly [sums: Float64Array<ArrayBuffer>, products: Float64Array<ArrayBuffer>] {
  const sums = new Float64Array(features);
  const products = new Float64Array(features * features);
  const places = new Int32Array(features);
  const found = new Float64Array(features);
  for (const row of rows) {
    let count = 0;
    for (let f = 0; f < features; f++) {
      const value = values[row * features + f];
      if (value === 0) continue;
      sums[f] = sums[f] + value;
      places[count] = f;
      found[count++] = value;
    }
    for (let a = 0; a < count; a++) {
      const [start, value] = [places[a] * features, found[a]];
      for (let b = a; b < count; b++) {
        const at = start + places[b];
        products[at] = products[at] + value * found[b];
      }
    }
  }
  return [sums, products];
}

/**
 * Number of rows that are added at a time, so that each sum is loaded and stored only once for all of their
 * products.
 */
const ROWS = 4;

/**
 * Computes the upper triangle of the covariance matrix [features, features] of floating-point features,
 * given their means. Products of distances from the means are added in the order of the rows.
 */
function upperCovarianceOfFloats(
  values: Float32Array,
  { rows }: Split,
  mean: Float64Array,
): Float64Array<ArrayBuffer> {
  const features = mean.length;
  const sums = new Float64Array(features * features);
  const distances = Array.from({ length: ROWS }, () => new Float64Array(features));
  for (let first = 0; first < rows.length; first += ROWS) {
    distances.forEach((distance, r) => {
      const row = rows[first + r];
      for (let f = 0; f < features; f++) {
        // rows beyond the last add 0
        distance[f] = row === undefined ? 0 : values[row * features + f] - mean[f];
      }
    });
    addProducts(sums, distances);
  }
  return sums.map((sum) => sum / (rows.length - 1));
}

/**
 * Adds the products xᵢ xⱼ for i ≤ j of each of four rows x [features] to `sums` [features, features], in
 * the order of the rows.
 */
function addProducts(sums: Float64Array, [a, b, c, d]: readonly Float64Array[]): void {
  const features = a.length;
  for (let i = 0; i < features; i++) {
    const [p, q, r, s] = [a[i], b[i], c[i], d[i]];
    for (let j = i; j < features; j++) {
      const at = i * features + j;
      sums[at] = sums[at] + p * a[j] + q * b[j] + r * c[j] + s * d[j];
    }
  }
}
