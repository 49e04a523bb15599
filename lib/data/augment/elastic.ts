/**
 * Elastic deformation (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks
 * applied to visual document analysis", ICDAR 2003, section 2): pixels are displaced by a smooth random
 * field.
 *
 *     u = G(σ) * r        r uniform in (−1, 1) at each pixel, G a Gaussian of deviation σ, in pixels
 *
 * once for x and once for y, times a factor. In Simard's method α is this factor, so its effect depends
 * on σ: r has the variance 1/3 and Σ G² is 1 / (4π σ²), so u has the root mean square 1 / (2 σ √(3π)).
 * Here u is first divided by its root mean square, so the factor is the root mean square of the
 * displacement along each axis, in pixels:
 *
 *     strength = α / (2 σ √(3π))        their σ = 4 and α = 34 are a strength of 1.38
 *
 * Another difference: u is not a field of its own for each image, but a window of one large field, which
 * is computed once from the seed. The position and sign of the window are random for each image and
 * axis, so images need no smoothing. Two windows rarely overlap much, since there are some 200,000
 * positions.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  abs,
  addInteger,
  and,
  columnIndex,
  div,
  dot,
  equalInteger,
  exp,
  type ImageSize,
  type Key,
  matmul,
  min,
  mul,
  reshape,
  rowIndex,
  select,
  shiftLeft,
  sqrt,
  sub,
  type Tensor,
  toFloat,
  toInteger,
  uniform,
  unitInterval,
} from "../../tensor/mod.ts";
import { applyPendingWarp, type Augmentation } from "./augmentation.ts";
import { randomWords } from "./random.ts";

/** Options of {@linkcode elastic}. */
export interface ElasticOptions {
  /** Standard deviation of the smoothing Gaussian (pixels). Defaults to 4. */
  readonly sigma?: number;
  /** Root mean square of the displacement along each axis (pixels). Defaults to 1.2. */
  readonly strength?: number;
}

const options = z.strictObject({
  sigma: z.number().min(0.5).max(64).default(4)
    .describe("standard deviation of the Gaussian that smooths the displacements, in pixels"),
  strength: z.number().min(0).max(100).default(1.2)
    .describe("root mean square of the displacements along each axis, in pixels"),
});

/**
 * Number of rows, and of columns, of the displacement field, 2⁹. The field has 1 MB and fits into a cache.
 */
const SIDE = 512;
/** Binary logarithm of `SIDE`. */
const SIDE_BITS = 9;

/** Returns an augmentation by a smooth random displacement of each image's pixels. */
export function elastic(overrides: ElasticOptions = {}): Augmentation {
  const { sigma, strength } = withDefaults(options, overrides);
  return {
    isMixture: false,
    constants: (key) => ({ field: smoothField(key, sigma) }),
    apply(images, context) {
      const [x, y] = [randomWords(context, 0), randomWords(context, 1)];
      const { size } = images;
      return applyPendingWarp(images, {
        field: context.constants.field,
        fromX: randomWindowStart(x, size),
        fromY: randomWindowStart(y, size),
        alongX: withRandomSign(strength, x),
        alongY: withRandomSign(strength, y),
      });
    },
  };
}

/**
 * Returns a displacement field [SIDE, SIDE]: random numbers smoothed by a Gaussian of standard deviation
 * `sigma` (pixels), with root mean square 1 and periodic at the edges.
 *
 * The smoothing is separable: B r B, where B [SIDE, SIDE] has the Gaussian of the distance between two rows
 * or columns.
 */
export function smoothField(key: Key, sigma: number): Tensor {
  const shape = [SIDE, SIDE];
  const random = uniform(key, shape, -1, 1);
  const apart = abs(sub(toFloat(rowIndex(shape)), toFloat(columnIndex(shape))));
  const distance = min(apart, sub(SIDE, apart));
  const gaussian = exp(mul(mul(distance, distance), -1 / (2 * sigma * sigma)));
  const smooth = matmul(matmul(gaussian, random), gaussian);
  const vector = reshape(smooth, [SIDE * SIDE]);
  const meanSquare = div(dot(vector, vector), SIDE * SIDE);
  return mul(smooth, div(1, sqrt(meanSquare)));
}

/**
 * Returns the index in the displacement field, as a flat array, at which a random window of the size of an
 * image starts, for each image of a batch, integer [batch]. It is computed from the upper bits of two
 * random words for each image.
 */
function randomWindowStart(
  [first, second]: readonly [Tensor, Tensor],
  { height, width }: ImageSize,
): Tensor {
  const [lines, columns] = [SIDE - height + 1, SIDE - 4 * Math.ceil(width / 4) + 1];
  const at = (word: Tensor, count: number) => toInteger(mul(unitInterval(word), count));
  return addInteger(shiftLeft(at(first, lines), SIDE_BITS), at(second, columns));
}

/**
 * Returns a number with a random sign for each image of a batch [batch]. The lowest bit of the first random
 * word of each image selects the sign.
 */
function withRandomSign(value: number, [word]: readonly [Tensor, Tensor]): Tensor {
  return select(equalInteger(and(word, 1), 0), value, -value);
}

export const elasticEntry: Entry<ElasticOptions, Augmentation> = entry({
  doc: "Displaces the pixels of each image smoothly, as handwriting varies (Simard et al., 2003)",
  options,
  create: elastic,
});
