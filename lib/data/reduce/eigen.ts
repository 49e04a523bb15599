/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder tridiagonalisation, then
 * implicit QR steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 3rd edition,
 * algorithms 5.1.1, 5.1.3, 8.3.1, 8.3.2 and 8.3.3).
 *
 * The operations are + − × ÷ and square roots of 64-bit numbers in a fixed order, so bits are equal
 * everywhere. All inner loops run along rows; eigenvectors are therefore stored and rotated as rows.
 *
 * @module
 */

/** The eigenvalues and eigenvectors of a symmetric matrix A [n, n]: A v = λ v. */
interface Eigen {
  /** Eigenvalues λ in falling order [n]. */
  readonly values: Float64Array<ArrayBuffer>;
  /**
   * Orthonormal eigenvectors v as rows, in the order of their values: row-major [n, n]. In each, the
   * component of largest absolute value, the first among equals, is positive.
   */
  readonly vectors: Float64Array<ArrayBuffer>;
}

/** A tridiagonal matrix T, and the rows of Q with A = Qᵀ T Q. */
interface Tridiagonal {
  /** Tᵢᵢ [n]. */
  readonly diagonal: Float64Array<ArrayBuffer>;
  /** Tᵢ,ᵢ₊₁ = Tᵢ₊₁,ᵢ [n − 1]. */
  readonly beside: Float64Array<ArrayBuffer>;
  /** Q, orthogonal, row-major [n, n]. */
  readonly rows: Float64Array<ArrayBuffer>;
}

/** Distance from 1 to the next 64-bit number, 2⁻⁵². Elements relatively smaller than this count as 0. */
const EPSILON = Number.EPSILON;

/**
 * Computes the eigenvalues and eigenvectors of a symmetric matrix, row-major [n, n].
 *
 * The elements, their squares and the squares of their reciprocals must be finite. n = 784 takes about a
 * second; time grows with n³.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const tridiagonal = tridiagonalize(matrix, n);
  diagonalize(tridiagonal);
  return sortedEigen(tridiagonal);
}

/**
 * Tridiagonalizes a matrix by Householder's reduction. For one column after the other, a reflection
 * H = I − β v vᵀ of the rows and columns below zeroes all elements below the diagonal but the first. The
 * matrix B of these rows and columns becomes H B H = B − v wᵀ − w vᵀ with p = β B v and
 * w = p − (β pᵀv ÷ 2) v.
 */
function tridiagonalize(matrix: Float64Array, n: number): Tridiagonal {
  const a = Float64Array.from(matrix);
  const [diagonal, beside] = [new Float64Array(n), new Float64Array(Math.max(0, n - 1))];
  const betas = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // the matrix stays symmetric, so row k is column k; v is stored in its place
    const v = a.subarray(k * n, (k + 1) * n);
    diagonal[k] = v[k];
    const { beta, first } = computeReflection(v, k + 1);
    betas[k] = beta;
    beside[k] = first;
    if (beta === 0) continue;
    for (let i = k + 1; i < n; i++) w[i] = beta * dot(a, i * n, v, k + 1, n);
    const half = beta * dot(w, 0, v, k + 1, n) / 2;
    for (let i = k + 1; i < n; i++) w[i] = w[i] - half * v[i];
    for (let i = k + 1; i < n; i++) {
      const [vi, wi] = [v[i], w[i]];
      for (let j = k + 1; j < n; j++) {
        const at = i * n + j;
        a[at] = a[at] - (vi * w[j] + wi * v[j]);
      }
    }
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1];
  return { diagonal, beside, rows: accumulateReflections(a, betas, n) };
}

/**
 * Computes the reflection that maps the elements of x from index `from` on to (first, 0, …, 0), and writes
 * its v, with v = 1 at that index, over them (algorithm 5.1.1). β is 0 if no reflection is needed.
 */
function computeReflection(
  x: Float64Array,
  from: number,
): { readonly beta: number; readonly first: number } {
  const first = x[from];
  const rest = dot(x, 0, x, from + 1, x.length);
  if (rest === 0) return { beta: 0, first };
  const length = Math.sqrt(first * first + rest);
  // first − length without cancellation
  const head = first <= 0 ? first - length : -rest / (first + length);
  const square = head * head;
  x[from] = 1;
  for (let i = from + 1; i < x.length; i++) x[i] = x[i] / head;
  return { beta: 2 * square / (rest + square), first: length };
}

/** Computes Q = … H₁ H₀ from the vectors of the reflections, in the rows of a above its diagonal. */
function accumulateReflections(
  a: Float64Array,
  betas: Float64Array,
  n: number,
): Float64Array<ArrayBuffer> {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  // in falling order, so that only the block that already differs from I is updated
  for (let k = n - 2; k >= 0; k--) {
    const beta = betas[k];
    if (beta === 0) continue;
    const v = a.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      const along = beta * dot(q, i * n, v, k + 1, n);
      for (let j = k + 1; j < n; j++) {
        q[i * n + j] = q[i * n + j] - along * v[j];
      }
    }
  }
  return q;
}

/** Computes Σ a[start + j] · v[j] over from ≤ j < to, in rising order. */
function dot(a: Float64Array, start: number, v: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let j = from; j < to; j++) sum += a[start + j] * v[j];
  return sum;
}

/**
 * Diagonalizes T in place by QR steps (algorithm 8.3.3). Where an off-diagonal element is negligible
 * against its neighbours on the diagonal, T decouples into blocks; each step works on the last block
 * that is not yet diagonal.
 */
function diagonalize(tridiagonal: Tridiagonal): void {
  const { diagonal, beside } = tridiagonal;
  const isSmall = (i: number) =>
    Math.abs(beside[i]) <=
      EPSILON * (Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]));
  for (let last = diagonal.length - 1; last > 0;) {
    if (isSmall(last - 1)) {
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && !isSmall(first - 1)) first--;
    qrStep(tridiagonal, first, last);
  }
}

/**
 * Applies one implicit QR step to the block from `first` to `last`: the first rotation of a step with
 * Wilkinson's shift, then the rotations that chase its bulge out of T (algorithm 8.3.2).
 */
function qrStep({ diagonal, beside, rows }: Tridiagonal, first: number, last: number): void {
  const n = diagonal.length;
  let x = diagonal[first] - wilkinsonShift(diagonal, beside, last);
  let z = beside[first];
  for (let k = first; k < last; k++) {
    const [c, s] = givensRotation(x, z);
    if (k > first) beside[k - 1] = c * x - s * z;
    const [a, b, d] = [diagonal[k], beside[k], diagonal[k + 1]];
    diagonal[k] = c * c * a - 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a + 2 * c * s * b + c * c * d;
    x = c * s * (a - d) + (c * c - s * s) * b;
    beside[k] = x;
    if (k + 1 < last) {
      const next = beside[k + 1];
      z = -s * next;
      beside[k + 1] = c * next;
    }
    rotateRows(rows, k * n, n, c, s);
  }
}

/** Returns Wilkinson's shift: the eigenvalue of the last 2 × 2 block that is nearer to its last element. */
function wilkinsonShift(diagonal: Float64Array, beside: Float64Array, last: number): number {
  const [end, e] = [diagonal[last], beside[last - 1]];
  // in units of e, which is not negligible, so no square underflows or overflows
  const half = (diagonal[last - 1] - end) / e / 2;
  const root = Math.sqrt(1 + half * half);
  return end - e / (half < 0 ? half - root : half + root);
}

/** Returns c and s with s x + c z = 0 and c² + s² = 1 (algorithm 5.1.3). */
function givensRotation(x: number, z: number): readonly [c: number, s: number] {
  if (z === 0) return [1, 0];
  if (Math.abs(z) > Math.abs(x)) {
    const ratio = -x / z;
    const s = 1 / Math.sqrt(1 + ratio * ratio);
    return [s * ratio, s];
  }
  const ratio = -z / x;
  const c = 1 / Math.sqrt(1 + ratio * ratio);
  return [c, c * ratio];
}

/** Rotates the row at `start` and the next one: (p, q) becomes (c p − s q, s p + c q). */
function rotateRows(rows: Float64Array, start: number, n: number, c: number, s: number): void {
  for (let i = start; i < start + n; i++) {
    const [p, q] = [rows[i], rows[i + n]];
    rows[i] = c * p - s * q;
    rows[i + n] = s * p + c * q;
  }
}

/** Sorts the eigenvalues in falling order, stably, and fixes the signs of their vectors. */
function sortedEigen({ diagonal, rows }: Tridiagonal): Eigen {
  const n = diagonal.length;
  const order = Array.from(diagonal, (value, index) => ({ value, index }))
    .sort((a, b) => b.value - a.value || a.index - b.index);
  const vectors = new Float64Array(n * n);
  order.forEach(({ index }, row) => {
    const vector = rows.subarray(index * n, (index + 1) * n);
    let largest = 0;
    for (const x of vector) if (Math.abs(x) > Math.abs(largest)) largest = x;
    vectors.set(largest < 0 ? vector.map((x) => -x) : vector, row * n);
  });
  return { values: Float64Array.from(order, ({ value }) => value), vectors };
}
