/**
 * Orthogonal initialization:  Wᵀ W = gain² I, or W Wᵀ = gain² I if W has more columns than rows
 *
 * Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
 * neural networks" (ICLR 2014): all singular values alike, so that no direction of the signal
 * grows or fades, and otherwise as random as can be (Haar's distribution).
 *
 * Libraries take it from the QR factorization of a Gaussian matrix G. Here products are enough: from
 * X = G / s, the iteration of Newton and Schulz with scaling
 *
 *     X  ←  ½ α X (3 I − α² Xᵀ X)       α = √(3 / (1 + l + l²))
 *     l  ←  ½ α l (3 − α² l²)
 *
 * (Higham, "Functions of matrices", SIAM 2008, chapter 8, with α = 1; scaled by Chen and Chow, "A stable
 * scaling of Newton–Schulz for improving the sign function computation of a Hermitian matrix", Argonne
 * preprint ANL/MCS-P5059-0114, 2014) moves singular values between l and 1 to values between the next l
 * and 1: up to 2.6 times as large as long as they are small, then to 1, the error squared in every step.
 * It changes nothing but singular values, so if G and Q G are equally likely for all orthogonal Q, then
 * X and Q X are: that is Haar's distribution, and no error of s or l would spoil it.
 *
 * The last steps are made for single precision: the error left is below 2⁻²⁴, whatever the precision.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  columnIndex,
  equalInteger,
  formatShape,
  matmul,
  mul,
  normal,
  rowIndex,
  select,
  sub,
  type Tensor,
  transpose,
} from "../../tensor/mod.ts";
import type { Initializer } from "./initializer.ts";

/** Options of orthogonal matrices. */
export interface OrthogonalOptions {
  /** What all singular values are; √2 suits layers followed by ReLU. */
  readonly gain?: number;
}

const options = z.strictObject({
  gain: z.number().positive().default(1)
    .describe("what all singular values are; 1.414 suits layers followed by ReLU"),
});

/**
 * Random orthonormal columns, or rows where there are fewer, times the gain.
 *
 * @throws {TypeError} when it draws for a shape that is no matrix
 */
export function orthogonal(overrides: OrthogonalOptions = {}): Initializer {
  const { gain } = withDefaults(options, overrides);
  return (key, shape) => {
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length !== 2) {
      throw new TypeError(
        `Cannot draw an orthogonal matrix: expected the shape of a matrix: received ${
          formatShape(shape)
        }`,
      );
    }
    if (rows >= columns) return mul(polarFactor(normal(key, [rows, columns])), gain);
    return mul(transpose(polarFactor(normal(key, [columns, rows]))), gain);
  };
}

/** The orthonormal factor of a Gaussian matrix [rows, columns] that has no more columns than rows. */
function polarFactor(gaussian: Tensor): Tensor {
  const [rows, columns] = gaussian.shape as readonly [number, number];
  const { smallest, largest } = singularValues(rows, columns);
  let x = mul(gaussian, 1 / largest);
  let low = smallest / largest;
  while (1 - low > CONVERGED) {
    const scale = Math.sqrt(3 / (1 + low + low * low));
    x = step(x, scale);
    low *= scale * (3 - scale * scale * low * low) / 2;
  }
  return step(step(x, 1), 1);
}

/** From this distance two steps of α = 1 lead to 1: to 3/2 of its square, 2⁻¹³, and that to 2⁻²⁵. */
const CONVERGED = 2 ** -7;

/** ½ α X (3 I − α² Xᵀ X) */
function step(x: Tensor, scale: number): Tensor {
  const products = mul(matmul(transpose(x), x), scale * scale);
  const onDiagonal = equalInteger(rowIndex(products.shape), columnIndex(products.shape));
  const bracket = sub(select(onDiagonal, 3, 0), products);
  return mul(matmul(x, bracket), scale / 2);
}

/** Rounding alone makes singular values of matrices of size 1 as large as this. */
const ROUNDOFF = 2 ** -24;

/**
 * Bounds of the singular values of a Gaussian matrix of m rows and n ≤ m columns.
 *
 * The largest is below √m + √n + 6 but for one matrix in e¹⁸ (Davidson and Szarek, "Local operator theory,
 * random matrices and Banach spaces", 2001, theorem II.13). The smallest is below ε (√m − √(n − 1)) with a
 * probability of about εᵏ, k = m − n + 1 (Rudelson and Vershynin, "The smallest singular value of a random
 * rectangular matrix", 2009, theorem 1.1, whose constants are left open): ε is halved until εᵏ is below
 * 2⁻²⁰. Where it is smaller all the same, columns are less than orthonormal in one direction.
 */
function singularValues(m: number, n: number): { smallest: number; largest: number } {
  const largest = Math.sqrt(m) + Math.sqrt(n) + 6;
  const halvings = Math.ceil(20 / (m - n + 1));
  let smallest = Math.sqrt(m) - Math.sqrt(n - 1);
  for (let i = 0; i < halvings; i++) smallest /= 2;
  return { smallest: Math.max(smallest, ROUNDOFF * largest), largest };
}

export const orthogonalEntry: Entry<OrthogonalOptions, Initializer> = entry({
  doc: "Random orthonormal columns, or rows (Saxe et al., 2014): all singular values alike",
  options,
  create: orthogonal,
});
