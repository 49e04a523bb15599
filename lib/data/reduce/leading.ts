import { below, key } from "../../tensor/random.ts";
import { symmetricEigen } from "./eigen.ts";

/** Samples on their directions of largest variance. */
interface Leading {
  /** Each sample's distance from the mean along each direction [samples, count]. */
  readonly points: Float32Array<ArrayBuffer>;
  /** Variance along each direction, falling [count]. */
  readonly variances: Float64Array<ArrayBuffer>;
  /** Variance in all directions together. */
  readonly variance: number;
}

/** Finite numbers, row-major [samples, features]. */
interface Matrix<Values extends Float32Array | Float64Array> {
  readonly values: Values;
  readonly samples: number;
  readonly features: number;
}

/** Most steps: directions of like variance are told apart no better than so many tell them apart. */
const STEPS = 96;

/** Steps from one look at how far it is to the next. */
const EVERY = 8;

/** What a direction may be off, as the length of C v − λ v against the largest λ. */
const TOLERANCE = 1e-6;

/**
 * Projects samples on the directions of largest variance, the eigenvectors of the covariance C that
 * {@linkcode pca} takes, found by Lanczos's method with full reorthogonalization (Golub and Van Loan,
 * Matrix Computations, 3rd edition, sections 9.1.2 and 9.2.3): in a basis of the space of b,
 * C b, C² b, … C is tridiagonal, and its outermost eigenvalues are soon those of C itself. C is not
 * formed; each step takes two products with the samples.
 *
 * b is drawn, the same every time; where a space is exhausted, another one is begun beside it, so that
 * directions of equal variance are found too. Their signs are those of `symmetricEigen`. Without variance
 * all points are 0, and so is their last number where there are fewer features than directions.
 *
 * @param count number of directions
 */
export function leading(matrix: Matrix<Float32Array>, count: number): Leading {
  const { samples } = matrix;
  const centred = centre(matrix);
  const share = 1 / Math.max(1, samples - 1);
  const variance = dot(centred.values, centred.values) * share;
  const found = directions(centred, { count, share, variance });
  const points = new Float32Array(samples * count);
  const variances = new Float64Array(count);
  found.forEach(({ direction, value }, index) => {
    variances[index] = Math.max(0, value);
    times(centred, direction).forEach((x, row) => points[row * count + index] = x);
  });
  return { points, variances, variance };
}

function centre({ values, samples, features }: Matrix<Float32Array>): Matrix<Float64Array> {
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

interface Direction {
  readonly direction: Float64Array;
  readonly value: number;
}

function directions(
  centred: Matrix<Float64Array>,
  { count, share, variance }: {
    readonly count: number;
    readonly share: number;
    readonly variance: number;
  },
): readonly Direction[] {
  const { features } = centred;
  const steps = Math.min(STEPS, features);
  const nothing = Number.EPSILON * features * variance; // what rounding leaves of a length of 0
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  const another = () => apart(drawn(basis.length, features), basis).unit;
  for (let next = another();;) {
    basis.push(next);
    const image = transposedTimes(centred, times(centred, next)).map((x) => x * share);
    diagonal.push(dot(image, next));
    const { unit, length } = apart(image, basis);
    const isExhausted = length <= nothing;
    const isLast = basis.length === steps;
    if (isLast || basis.length % EVERY === 0 && !isExhausted) {
      const found = ritzPairs(diagonal, beside, length).slice(0, count);
      const largest = found[0]?.value ?? 0;
      if (isLast || found.every(({ error }) => error <= TOLERANCE * largest)) {
        return found.map(({ value, parts }) => ({ value, direction: signed(sum(basis, parts)) }));
      }
    }
    beside.push(isExhausted ? 0 : length);
    next = isExhausted ? another() : unit;
  }
}

/** Numbers from −1 to 1 to begin with, others for each number of directions that there are. */
function drawn(number: number, features: number): Float64Array {
  const from = key(0, "leading", number);
  return Float64Array.from(
    { length: features },
    (_, index) => (below(from, index, 2 ** 24) + 0.5) * 2 ** -23 - 1,
  );
}

/**
 * What a vector has apart from an orthonormal basis, and the length of that. Taken off twice, it is
 * orthogonal as far as rounding permits (Parlett, The Symmetric Eigenvalue Problem, section 6.9).
 */
function apart(
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

/** An approximate eigenvalue of C, its eigenvector in parts of the basis, and how far off both are. */
interface RitzPair {
  readonly value: number;
  readonly parts: Float64Array;
  readonly error: number;
}

/** Those that a tridiagonal matrix stands for, the largest first. */
function ritzPairs(
  diagonal: readonly number[],
  beside: readonly number[],
  next: number,
): readonly RitzPair[] {
  const n = diagonal.length;
  const matrix = new Float64Array(n * n);
  diagonal.forEach((x, i) => matrix[i * n + i] = x);
  beside.forEach((x, i) => matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = x);
  const { values, vectors } = symmetricEigen(matrix, n);
  return Array.from(values, (value, index) => {
    const parts = vectors.subarray(index * n, (index + 1) * n);
    return { value, parts, error: next * Math.abs(parts[n - 1]) };
  });
}

/** Σ parts · vectors. */
function sum(vectors: readonly Float64Array[], parts: Float64Array): Float64Array {
  const total = new Float64Array(vectors[0].length);
  vectors.forEach((vector, index) => {
    const part = parts[index];
    for (let i = 0; i < total.length; i++) {
      total[i] = total[i] + part * vector[i];
    }
  });
  return total;
}

/** A vector whose component that is largest in absolute value, the first of equals, is positive. */
function signed(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const x of vector) if (Math.abs(x) > Math.abs(largest)) largest = x;
  return largest < 0 ? vector.map((x) => -x) : vector;
}

/** A v [samples], in the order of the features. */
function times(
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

/** Aᵀ v [features], in the order of the samples. */
function transposedTimes(
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

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}
