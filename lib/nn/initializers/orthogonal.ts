/**
 * Orthogonal initialization:  Wᵀ W = gain² I, or W Wᵀ = gain² I if W has more columns than rows
 *
 * Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear
 * neural networks" (ICLR 2014): all singular values are equal, so that no direction of the signal grows or
 * fades, and the distribution is uniform on such matrices (Haar's).
 *
 * Libraries compute it by the QR factorization of a Gaussian matrix G. Here matrix products are enough: from
 * X = G / s, the Newton–Schulz iteration with scaling
 *
 *     X  ←  ½ α X (3 I − α² Xᵀ X)       α = √(3 / (1 + l + l²))
 *     l  ←  ½ α l (3 − α² l²)
 *
 * (Higham, "Functions of matrices", SIAM 2008, chapter 8, with α = 1; scaled by Chen and Chow, "A stable
 * scaling of Newton–Schulz for improving the sign function computation of a Hermitian matrix", Argonne
 * preprint ANL/MCS-P5059-0114, 2014) moves singular values from between l and 1 to between the next l and 1.
 * Small ones grow up to 2.6 times per step; near 1, the error is squared in every step. It changes only
 * singular values. So if G and Q G are equally likely for all orthogonal Q, so are X and Q X: that is Haar's
 * distribution, whatever the errors of s and l.
 *
 * The number of steps suits single precision: the remaining error is below 2⁻²⁴, also in double precision.
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
  /** Common value of all singular values; √2 suits layers followed by ReLU. */
  readonly gain?: number;
}

const options = z.strictObject({
  gain: z.number().positive().default(1)
    .describe("common value of all singular values; 1.414 suits layers followed by ReLU"),
});

/**
 * Returns an initializer with random orthonormal columns, or rows if there are fewer rows, times the gain. It
 * throws a TypeError for shapes that are not matrices.
 */
export function orthogonal(overrides: OrthogonalOptions = {}): Initializer {
  const { gain } = withDefaults(options, overrides);
  return (key, shape) => {
    const [rows, columns] = shape;
    if (rows === undefined || columns === undefined || shape.length !== 2) {
      throw new TypeError(
        `Cannot initialize an orthogonal matrix: expected the shape of a matrix: received ${
          formatShape(shape)
        }`,
      );
    }
    if (rows >= columns) return mul(polarFactor(normal(key, [rows, columns])), gain);
    return mul(transpose(polarFactor(normal(key, [columns, rows]))), gain);
  };
}

/**
 * Computes the orthonormal polar factor of a Gaussian matrix G [rows, columns] with rows ≥ columns: U Vᵀ, if U S Vᵀ is
 * its singular value decomposition.
 */
function polarFactor(gaussian: Tensor): Tensor {
  const [rows, columns] = gaussian.shape as readonly [number, number];
  const { smallest, largest } = boundSingularValues(rows, columns);
  let x = mul(gaussian, 1 / largest);
  let low = smallest / largest;
  while (1 - low > CONVERGED) {
    const scale = Math.sqrt(3 / (1 + low + low * low));
    x = newtonSchulzStep(x, scale);
    low *= scale * (3 - scale * scale * low * low) / 2;
  }
  return newtonSchulzStep(newtonSchulzStep(x, 1), 1);
}

/**
 * Distance of singular values from 1 at which two steps with α = 1 are enough. The first step leads to 3/2 of
 * the distance's square, 2⁻¹³, and the second to 2⁻²⁵.
 */
const CONVERGED = 2 ** -7;

/** Computes one step of the Newton–Schulz iteration, ½ α X (3 I − α² Xᵀ X), where α is `scale`. */
function newtonSchulzStep(x: Tensor, scale: number): Tensor {
  const products = mul(matmul(transpose(x), x), scale * scale);
  const onDiagonal = equalInteger(rowIndex(products.shape), columnIndex(products.shape));
  const bracket = sub(select(onDiagonal, 3, 0), products);
  return mul(matmul(x, bracket), scale / 2);
}

/** Size of singular values that are due to rounding alone, in matrices whose largest singular value is 1. */
const ROUNDOFF = 2 ** -24;

/**
 * Returns bounds of the singular values of a Gaussian matrix of m rows and n ≤ m columns.
 *
 * The largest is below √m + √n + 6 except for one matrix in e¹⁸ (Davidson and Szarek, "Local operator theory,
 * random matrices and Banach spaces", 2001, theorem II.13). The smallest is below ε (√m − √(n − 1)) with a
 * probability of about εᵏ, k = m − n + 1 (Rudelson and Vershynin, "The smallest singular value of a random
 * rectangular matrix", 2009, theorem 1.1, whose constants are not explicit). So ε is halved until εᵏ is below
 * 2⁻²⁰. If a singular value is smaller nevertheless, columns are not quite orthonormal in one direction.
 */
function boundSingularValues(m: number, n: number): { smallest: number; largest: number } {
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
