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
 * Coefficients of the odd polynomial a s + b s³ + c s⁵ that Jordan et al. chose for a steep rise at 0.
 * Applied five times it takes singular values from 0.01 to 1 into 0.68 to 1.14, not to 1.
 */
const [A, B, C] = [3.4445, -4.775, 2.0315];

const ITERATIONS = 5;

/** Added to the norm, so that a matrix of zeros gives zeros. */
const EPSILON = 1e-7;

/**
 * U Vᵀ of a matrix U S Vᵀ [m, n], up to singular values between 0.68 and 1.14 (smaller where the
 * matrix's own is below 0.01 of its Frobenius norm), by five steps of the quintic Newton–Schulz
 * iteration of Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024):
 *
 *     x  = g / (‖g‖ + 1e-7)
 *     x' = a x + (b G + c G²) x     G = x xᵀ [m, m], if m ≤ n; else with G = xᵀ x [n, n] on the right
 *
 * Unlike theirs, it runs in single precision, not in bfloat16.
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
