/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: Householder tridiagonalisation, then implicit QR
 * steps with Wilkinson's shift (Golub and Van Loan, Matrix Computations, 3rd edition, algorithms 5.1.1,
 * 5.1.3, 8.3.1, 8.3.2 and 8.3.3).
 *
 * All operations are + − × ÷ and square roots of 64-bit numbers in a fixed order, so results have the same
 * bits on every machine. All inner loops run along rows, so eigenvectors are stored and rotated as rows.
 *
 * @module
 */

/** The eigenvalues and eigenvectors of a symmetric matrix A [n, n]: A v = λ v. */
interface Eigen {
  /** Eigenvalues λ in falling order [n]. */
  readonly values: Float64Array<ArrayBuffer>;
  /**
   * Orthonormal eigenvectors v as rows [n, n], row-major, in the order of their eigenvalues. In each
   * vector, the component of largest absolute value is positive. If several have the same absolute value,
   * this holds for the first of them.
   */
  readonly vectors: Float64Array<ArrayBuffer>;
}

/** A symmetric matrix A reduced to a tridiagonal matrix T: A = Qᵀ T Q. */
interface Tridiagonal {
  /** Diagonal of T: Tᵢᵢ [n]. */
  readonly diagonal: Float64Array<ArrayBuffer>;
  /** Elements of T next to the diagonal: Tᵢ,ᵢ₊₁ = Tᵢ₊₁,ᵢ [n − 1]. */
  readonly offDiagonal: Float64Array<ArrayBuffer>;
  /**
   * Orthogonal matrix Q [n, n], row-major. Its rows become the eigenvectors of A when T is diagonalized.
   */
  readonly rows: Float64Array<ArrayBuffer>;
}

/**
 * Distance from 1 to the next larger 64-bit number, 2⁻⁵². An off-diagonal element of T counts as 0 if it is
 * at most this fraction of the sum of its two neighbours on the diagonal, all in absolute value.
 */
const EPSILON = Number.EPSILON;

/**
 * Computes the eigenvalues and eigenvectors of a symmetric matrix [n, n], row-major, which is not changed.
 *
 * The elements and their squares must be finite, and those of elements other than 0 must have finite
 * reciprocals. The time grows with n³, and n = 784 takes about a second.
 */
export function symmetricEigen(matrix: Float64Array, n: number): Eigen {
  const tridiagonal = tridiagonalize(matrix, n);
  diagonalize(tridiagonal);
  return sortEigenpairs(tridiagonal);
}

/**
 * Reduces a symmetric matrix to tridiagonal form by Householder reflections. For each column in turn, a
 * reflection H = I − β v vᵀ of the following rows and columns zeroes all elements below the first one under
 * the diagonal. The matrix B of these rows and columns becomes H B H = B − v wᵀ − w vᵀ with p = β B v and w
 * = p − (β pᵀv ÷ 2) v.
 */
function tridiagonalize(matrix: Float64Array, n: number): Tridiagonal {
  const a = Float64Array.from(matrix);
  const [diagonal, offDiagonal] = [new Float64Array(n), new Float64Array(Math.max(0, n - 1))];
  const betas = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // the matrix stays symmetric, so row k is column k; v is stored in its place
    const v = a.subarray(k * n, (k + 1) * n);
    diagonal[k] = v[k];
    const { beta, first } = computeReflection(v, k + 1);
    betas[k] = beta;
    offDiagonal[k] = first;
    if (beta === 0) continue;
    for (let i = k + 1; i < n; i++) w[i] = beta * partialDot(a, i * n, v, k + 1, n);
    const half = beta * partialDot(w, 0, v, k + 1, n) / 2;
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
  return { diagonal, offDiagonal, rows: accumulateReflections(a, betas, n) };
}

/**
 * Computes the Householder reflection that maps the elements of x from index `from` to the end to (`first`,
 * 0, …, 0), and returns `first` and β. Overwrites these elements with the vector v of the reflection, which
 * is 1 at `from` (algorithm 5.1.1). If no reflection is needed, β is 0 and x is unchanged.
 */
function computeReflection(
  x: Float64Array,
  from: number,
): { readonly beta: number; readonly first: number } {
  const first = x[from];
  const rest = partialDot(x, 0, x, from + 1, x.length);
  if (rest === 0) return { beta: 0, first };
  const length = Math.sqrt(first * first + rest);
  // first − length without cancellation
  const head = first <= 0 ? first - length : -rest / (first + length);
  const square = head * head;
  x[from] = 1;
  for (let i = from + 1; i < x.length; i++) x[i] = x[i] / head;
  return { beta: 2 * square / (rest + square), first: length };
}

/**
 * Computes the product Q = … H₁ H₀ of Householder reflections. Their vectors are the rows of `reflections`,
 * from the element after the diagonal on, and `betas` has the factor β of each.
 */
function accumulateReflections(
  reflections: Float64Array,
  betas: Float64Array,
  n: number,
): Float64Array<ArrayBuffer> {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  // in falling order, so that only the block that already differs from I is updated
  for (let k = n - 2; k >= 0; k--) {
    const beta = betas[k];
    if (beta === 0) continue;
    const v = reflections.subarray(k * n, (k + 1) * n);
    for (let i = k + 1; i < n; i++) {
      const along = beta * partialDot(q, i * n, v, k + 1, n);
      for (let j = k + 1; j < n; j++) {
        q[i * n + j] = q[i * n + j] - along * v[j];
      }
    }
  }
  return q;
}

/** Computes the sum of a[start + j] · v[j] over from ≤ j < to, in rising order. */
function partialDot(
  a: Float64Array,
  start: number,
  v: Float64Array,
  from: number,
  to: number,
): number {
  let sum = 0;
  for (let j = from; j < to; j++) sum += a[start + j] * v[j];
  return sum;
}

/**
 * Diagonalizes T in place by QR steps, and rotates the rows of Q accordingly (algorithm 8.3.3). An
 * off-diagonal element that is negligible against its neighbours on the diagonal divides T into two blocks.
 * Each QR step is applied to the last block that is not diagonal yet.
 */
function diagonalize(tridiagonal: Tridiagonal): void {
  const { diagonal, offDiagonal } = tridiagonal;
  const isSmall = (i: number) =>
    Math.abs(offDiagonal[i]) <=
      EPSILON * (Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]));
  for (let last = diagonal.length - 1; last > 0;) {
    if (isSmall(last - 1)) {
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && !isSmall(first - 1)) first--;
    applyQrStep(tridiagonal, first, last);
  }
}

/**
 * Applies one implicit QR step with Wilkinson's shift to the block of T from index `first` to `last`
 * (algorithm 8.3.2). The first rotation creates an element outside the three diagonals, and the following
 * rotations move it out of T.
 */
function applyQrStep(
  { diagonal, offDiagonal, rows }: Tridiagonal,
  first: number,
  last: number,
): void {
  const n = diagonal.length;
  let x = diagonal[first] - wilkinsonShift(diagonal, offDiagonal, last);
  let z = offDiagonal[first];
  for (let k = first; k < last; k++) {
    const [c, s] = givensRotation(x, z);
    if (k > first) offDiagonal[k - 1] = c * x - s * z;
    const [a, b, d] = [diagonal[k], offDiagonal[k], diagonal[k + 1]];
    diagonal[k] = c * c * a - 2 * c * s * b + s * s * d;
    diagonal[k + 1] = s * s * a + 2 * c * s * b + c * c * d;
    x = c * s * (a - d) + (c * c - s * s) * b;
    offDiagonal[k] = x;
    if (k + 1 < last) {
      const next = offDiagonal[k + 1];
      z = -s * next;
      offDiagonal[k + 1] = c * next;
    }
    rotateRows(rows, k * n, n, c, s);
  }
}

/**
 * Returns Wilkinson's shift: of the two eigenvalues of the 2 × 2 block that ends at index `last`, the one
 * nearer to the block's last element.
 */
function wilkinsonShift(diagonal: Float64Array, offDiagonal: Float64Array, last: number): number {
  const [end, e] = [diagonal[last], offDiagonal[last - 1]];
  // in units of e, which is not negligible, so no square underflows or overflows
  const half = (diagonal[last - 1] - end) / e / 2;
  const root = Math.sqrt(1 + half * half);
  return end - e / (half < 0 ? half - root : half + root);
}

/**
 * Returns the Givens rotation that zeroes z: c and s with s x + c z = 0 and c² + s² = 1 (algorithm 5.1.3).
 */
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

/**
 * Rotates two successive rows of length n in place, of which the first starts at index `start`: (p, q)
 * becomes (c p − s q, s p + c q).
 */
function rotateRows(rows: Float64Array, start: number, n: number, c: number, s: number): void {
  for (let i = start; i < start + n; i++) {
    const [p, q] = [rows[i], rows[i + n]];
    rows[i] = c * p - s * q;
    rows[i + n] = s * p + c * q;
  }
}

/**
 * Returns the eigenvalues and eigenvectors of a diagonalized matrix in falling order of the eigenvalues,
 * with the signs of the eigenvectors fixed. Equal eigenvalues keep their order.
 */
function sortEigenpairs({ diagonal, rows }: Tridiagonal): Eigen {
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
