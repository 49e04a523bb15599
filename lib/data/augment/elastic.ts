/**
 * Elastic deformation (Simard, Steinkraus and Platt, "Best practices for convolutional neural networks
 * applied to visual document analysis", ICDAR 2003, section 2): each pixel shows the image a little
 * aside, by displacements that are random but smooth.
 *
 *     u = G(σ) * r        r uniform in (−1, 1) at each pixel, G a Gaussian of deviation σ, in pixels
 *
 * once for x and once for y, times a factor. Simard's α is that factor itself, so its effect depends on
 * σ: r has the variance 1/3 and Σ G² is 1 / (4π σ²), so smoothing leaves u a root mean square of
 * 1 / (2 σ √(3π)). Here u is divided by its root mean square first, and the factor is that of the
 * displacement along each axis, in pixels:
 *
 *     strength = α / (2 σ √(3π))        their σ = 4 and α = 34 are a strength of 1.38
 *
 * Unlike there, an image's u is no field of its own but a window of one large field, which is made once
 * from the seed; the window's place and sign are drawn anew for each image and each axis. So an image
 * costs no smoothing. Two windows rarely have much in common, since there are some 200,000 places.
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
import { type Augmentation, settled } from "./augmentation.ts";
import { words } from "./draw.ts";

/** Options of {@linkcode elastic}. */
export interface ElasticOptions {
  /** Deviation of the Gaussian that smooths, in pixels. */
  readonly sigma?: number;
  /** Root mean square of the displacement along each axis, in pixels. */
  readonly strength?: number;
}

const options = z.strictObject({
  sigma: z.number().min(0.5).max(64).default(4)
    .describe("how smooth: pixels, the deviation of the Gaussian that smooths the displacements"),
  strength: z.number().min(0).max(100).default(1.2)
    .describe("how far: pixels, the root mean square of the displacements along each axis"),
});

/** Lines and columns of the field, 2⁹: 1 MB, of which an image's windows are soon in a cache. */
const SIDE = 512;
const SIDE_BITS = 9;

/** A random smooth displacement for each image. */
export function elastic(overrides: ElasticOptions = {}): Augmentation {
  const { sigma, strength } = withDefaults(options, overrides);
  return {
    isMixture: false,
    constants: (key) => ({ field: smoothField(key, sigma) }),
    apply(images, draw) {
      const [x, y] = [words(draw, 0), words(draw, 1)];
      const { size } = images;
      return settled(images, {
        field: draw.constants.field,
        fromX: windowOf(x, size),
        fromY: windowOf(y, size),
        alongX: signed(strength, x),
        alongY: signed(strength, y),
      });
    },
  };
}

/**
 * A field [SIDE, SIDE] of random numbers, smoothed as if its edges met, of the root mean square 1.
 *
 * Smoothing is separable: B r B with B the Gaussian of the distance between two lines, or columns.
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

/** Where a window begins that fits into the field, by the upper bits of two random words. */
function windowOf(
  [first, second]: readonly [Tensor, Tensor],
  { height, width }: ImageSize,
): Tensor {
  const [lines, columns] = [SIDE - height + 1, SIDE - 4 * Math.ceil(width / 4) + 1];
  const at = (word: Tensor, count: number) => toInteger(mul(unitInterval(word), count));
  return addInteger(shiftLeft(at(first, lines), SIDE_BITS), at(second, columns));
}

/** A number or its negative, by the lowest bit of a random word. */
function signed(value: number, [word]: readonly [Tensor, Tensor]): Tensor {
  return select(equalInteger(and(word, 1), 0), value, -value);
}

export const elasticEntry: Entry<ElasticOptions, Augmentation> = entry({
  doc: "Displaces the pixels of each image smoothly, as handwriting varies (Simard et al., 2003)",
  options,
  create: elastic,
});
