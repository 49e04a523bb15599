/**
 * Projection of samples on the first few principal directions, without computing the covariance matrix.
 *
 * @module
 */
import { below, key } from "../../tensor/random.ts";
import { symmetricEigen } from "./eigen.ts";

/** Samples projected on their directions of largest variance. */
interface LeadingProjection {
  /**
   * Coordinate of each sample along each direction, relative to the mean [samples, directions], row-major.
   */
  readonly points: Float32Array<ArrayBuffer>;
  /** Variance along each direction, in falling order [directions]. */
  readonly variances: Float64Array<ArrayBuffer>;
  /** Total variance of the samples: the sum over all directions, including those that are left out. */
  readonly variance: number;
}

/** A matrix of finite numbers [samples, features], row-major. */
interface Matrix<Values extends Float32Array | Float64Array> {
  readonly values: Values;
  /** Number of rows. */
  readonly samples: number;
  /** Number of columns. */
  readonly features: number;
}

/**
 * Largest number of steps of Lanczos's method. They may be too few to separate directions of almost equal
 * variance.
 */
const MOST_STEPS = 96;

/** Number of steps between two checks of convergence. */
const CHECK_INTERVAL = 8;

/**
 * Largest accepted error of a direction v with variance λ: the norm of C v − λ v, divided by the largest λ.
 */
const TOLERANCE = 1e-6;

/**
 * Projects samples on their directions of largest variance, as {@linkcode pca} does. These are the first
 * eigenvectors of the covariance matrix C.
 *
 * The directions are found by Lanczos's method with full reorthogonalization (Golub and Van Loan, Matrix
 * Computations, 3rd edition, sections 9.1.2 and 9.2.3). In an orthonormal basis of the Krylov space of b, C
 * b, C² b, …, C is tridiagonal, and its outermost eigenvalues soon approach those of C. C itself is not
 * computed, since each step needs only two products of the samples with a vector.
 *
 * b is a pseudorandom vector with a fixed key. If the Krylov space cannot grow, a new random vector
 * orthogonal to it is added, so that several directions of equal variance are found too. Signs are chosen
 * as by `symmetricEigen`. Coordinates along directions without variance are 0.
 *
 * @param count number of directions. If it exceeds the number of features, the other variances and
 *     coordinates are 0
 */
export function projectOnLeadingDirections(
  matrix: Matrix<Float32Array>,
  count: number,
): LeadingProjection {
  const { samples } = matrix;
  const centred = subtractMeans(matrix);
  const factor = 1 / Math.max(1, samples - 1);
  const variance = dot(centred.values, centred.values) * factor;
  const found = findDirections(centred, { count, factor, variance });
  const points = new Float32Array(samples * count);
  const variances = new Float64Array(count);
  found.forEach(({ direction, value }, index) => {
    variances[index] = Math.max(0, value);
    matrixTimesVector(centred, direction).forEach((x, row) => points[row * count + index] = x);
  });
  return { points, variances, variance };
}

/** Returns a copy of a matrix in which the mean of each feature over the samples is subtracted. */
function subtractMeans({ values, samples, features }: Matrix<Float32Array>): Matrix<Float64Array> {
  const sums = new Float64Array(features);
  for (let row = 0; row < samples; row++) {
    for (let f = 0, at = row * features; f < features; f++, at++) {
      sums[f] = sums[f] + values[at];
    }
  }
  const mean = sums.map((sum) => sum / samples);
  const centred = new Float64Array(values.length);
  for (let row = 0; row < samples; row++) {
    for (let f = 0, at = row * features; f < features; f++, at++) {
      centred[at] = values[at] - mean[f];
    }
  }
  return { values: centred, samples, features };
}

/** A direction of large variance, with the variance along it. */
interface Direction {
  /** Unit vector [features]. */
  readonly direction: Float64Array;
  /** Variance along the direction. */
  readonly value: number;
}

/**
 * Returns the directions of largest variance by Lanczos's method, at most `count`, in falling order.
 * `centred` has samples whose mean is 0. C is `factor` · AᵀA for these samples A, and `variance` their
 * total variance.
 */
function findDirections(
  centred: Matrix<Float64Array>,
  { count, factor, variance }: {
    readonly count: number;
    readonly factor: number;
    readonly variance: number;
  },
): readonly Direction[] {
  const { features } = centred;
  const steps = Math.min(MOST_STEPS, features);
  const negligible = Number.EPSILON * features * variance; // rounding error of a length of 0
  const basis: Float64Array[] = [];
  const [diagonal, offDiagonal]: [number[], number[]] = [[], []];
  const newDirection = () => orthogonalize(pseudorandomVector(basis.length, features), basis).unit;
  for (let next = newDirection();;) {
    basis.push(next);
    const image = transposedTimesVector(centred, matrixTimesVector(centred, next)).map((x) =>
      x * factor
    );
    diagonal.push(dot(image, next));
    const { unit, length } = orthogonalize(image, basis);
    const isExhausted = length <= negligible;
    const isLast = basis.length === steps;
    if (isLast || basis.length % CHECK_INTERVAL === 0 && !isExhausted) {
      const found = computeRitzPairs(diagonal, offDiagonal, length).slice(0, count);
      const largest = found[0]?.value ?? 0;
      if (isLast || found.every(({ error }) => error <= TOLERANCE * largest)) {
        return found.map(({ value, coefficients }) => ({
          value,
          direction: withFixedSign(linearCombination(basis, coefficients)),
        }));
      }
    }
    offDiagonal.push(isExhausted ? 0 : length);
    next = isExhausted ? newDirection() : unit;
  }
}

/**
 * Returns a vector [features] of pseudorandom numbers from −1 to 1, which is a function of `number`.
 */
function pseudorandomVector(number: number, features: number): Float64Array {
  const from = key(0, "leading", number);
  return Float64Array.from(
    { length: features },
    (_, index) => (below(from, index, 2 ** 24) + 0.5) * 2 ** -23 - 1,
  );
}

/**
 * Returns the component of a vector that is orthogonal to an orthonormal basis: its direction as a unit
 * vector, and its length. If the length is 0, `unit` is 0 too. The projection on the basis is subtracted
 * twice, which makes the result orthogonal to within rounding (Parlett, The Symmetric Eigenvalue Problem,
 * section 6.9).
 */
function orthogonalize(
  vector: Float64Array,
  basis: readonly Float64Array[],
): { readonly unit: Float64Array; readonly length: number } {
  const rest = vector.slice();
  for (const other of [...basis, ...basis]) {
    const along = dot(rest, other);
    for (let i = 0; i < rest.length; i++) {
      rest[i] = rest[i] - along * other[i];
    }
  }
  const length = Math.sqrt(dot(rest, rest));
  return { unit: length === 0 ? rest : rest.map((x) => x / length), length };
}

/** An approximate eigenvalue and eigenvector of C. */
interface RitzPair {
  /** Eigenvalue. */
  readonly value: number;
  /** Coefficients of the eigenvector in the basis of the Krylov space. */
  readonly coefficients: Float64Array;
  /** Estimated norm of C v − λ v for the eigenvalue λ and the eigenvector v. */
  readonly error: number;
}

/**
 * Returns approximate eigenvalues and eigenvectors of C, in falling order of the eigenvalues, given the
 * diagonal and the off-diagonal elements of its tridiagonal form. Errors are estimated from `nextLength`,
 * the length of the next basis vector before normalization.
 */
function computeRitzPairs(
  diagonal: readonly number[],
  offDiagonal: readonly number[],
  nextLength: number,
): readonly RitzPair[] {
  const n = diagonal.length;
  const matrix = new Float64Array(n * n);
  diagonal.forEach((x, i) => matrix[i * n + i] = x);
  offDiagonal.forEach((x, i) => matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = x);
  const { values, vectors } = symmetricEigen(matrix, n);
  return Array.from(values, (value, index) => {
    const coefficients = vectors.subarray(index * n, (index + 1) * n);
    return { value, coefficients, error: nextLength * Math.abs(coefficients[n - 1]) };
  });
}

/** Computes the sum of vectors, each multiplied by its coefficient. */
function linearCombination(
  vectors: readonly Float64Array[],
  coefficients: Float64Array,
): Float64Array {
  const total = new Float64Array(vectors[0].length);
  vectors.forEach((vector, index) => {
    const coefficient = coefficients[index];
    for (let i = 0; i < total.length; i++) {
      total[i] = total[i] + coefficient * vector[i];
    }
  });
  return total;
}

/**
 * Returns a vector or its negative, such that the component of largest absolute value is positive. If
 * several have the same absolute value, this holds for the first of them.
 */
function withFixedSign(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const x of vector) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest < 0 ? vector.map((x) => -x) : vector;
}

/** Computes the product A v [samples] of a matrix A with a vector v, adding features in rising order. */
function matrixTimesVector(
  { values, samples, features }: Matrix<Float64Array>,
  vector: Float64Array,
): Float64Array {
  const product = new Float64Array(samples);
  for (let row = 0; row < samples; row++) {
    let total = 0;
    for (let f = 0, at = row * features; f < features; f++, at++) {
      total += values[at] * vector[f];
    }
    product[row] = total;
  }
  return product;
}

/**
 * Computes the product Aᵀ v [features] of a transposed matrix A with a vector v, adding samples in rising
 * order.
 */
function transposedTimesVector(
  { values, samples, features }: Matrix<Float64Array>,
  vector: Float64Array,
): Float64Array {
  const product = new Float64Array(features);
  for (let row = 0; row < samples; row++) {
    const factor = vector[row];
    for (let f = 0, at = row * features; f < features; f++, at++) {
      product[f] = product[f] + factor * values[at];
    }
  }
  return product;
}

/** Computes the dot product of two vectors, adding in rising order. */
function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
