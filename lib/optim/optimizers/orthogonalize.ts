/**
 * Approximate orthogonalization of matrices, for Muon.
 *
 * @module
 */
import {
  add,
  dimension,
  div,
  dot,
  matmul,
  mul,
  sqrt,
  type Tensor,
  transpose,
} from "../../tensor/mod.ts";

/**
 * Coefficients of the odd polynomial a s + b s³ + c s⁵ that Jordan et al. chose for a steep slope at 0. Applied
 * five times, it maps singular values from 0.01 to 1 to values from 0.68 to 1.14.
 */
const [A, B, C] = [3.4445, -4.775, 2.0315];

/** Number of applications of the polynomial. */
const ITERATIONS = 5;

/** Number that is added to a matrix's norm, so that a zero matrix is mapped to zero. */
const EPSILON = 1e-7;

/**
 * Approximates U Vᵀ for a matrix U S Vᵀ [m, n] by five steps of the quintic Newton–Schulz iteration of Jordan
 * et al., "Muon: an optimizer for hidden layers in neural networks" (2024). Singular values of the result lie
 * between 0.68 and 1.14, or below 0.68 where a singular value of the matrix is less than 0.01 of its
 * Frobenius norm.
 *
 *     x  = g / (‖g‖ + 1e-7)
 *     x' = a x + (b G + c G²) x     G = x xᵀ [m, m], if m ≤ n; else with G = xᵀ x [n, n] on the right
 *
 * Unlike their implementation, this one computes in single precision, not in bfloat16.
 */
export function orthogonalize(matrix: Tensor): Tensor {
  const isTall = dimension(matrix, 0) > dimension(matrix, 1);
  let x = div(matrix, add(sqrt(dot(matrix, matrix)), EPSILON));
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gram = isTall ? matmul(transpose(x), x) : matmul(x, transpose(x));
    const polynomial = add(mul(gram, B), mul(matmul(gram, gram), C));
    const product = isTall ? matmul(x, polynomial) : matmul(polynomial, x);
    x = add(mul(x, A), product);
  }
  return x;
}
