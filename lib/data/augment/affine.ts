/**
 * Augmentation by random affine maps: rotation, scaling, shear, shift and mirroring about the middle of an
 * image.
 *
 *     p  =  R(θ) H(k) S(sx, sy) (q − m) + m + d       q a position in the original, p its position in the result
 *
 *     R = (cos θ, −sin θ; sin θ, cos θ)    H = (1, k; 0, 1)    S = diag(sx, sy)    m the middle
 *
 * θ, k, d and the s of the factors sx = ±(1 + s)(1 + s₁), sy = (1 + s)(1 + s₂) are uniform within their
 * bounds; the minus sign mirrors a fraction of the images. Apart from mirroring, this is the family of
 * Simard, Steinkraus and Platt ("Best practices for convolutional neural networks applied to visual
 * document analysis", ICDAR 2003, section 2) and of Cireşan et al. ("Deep, big, simple neural nets for
 * handwritten digit recognition", Neural Computation 22(12), 2010).
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  type AffineMap,
  cosTurns,
  div,
  less,
  mul,
  neg,
  select,
  sub,
  type Tensor,
  unitInterval,
} from "../../tensor/mod.ts";
import { applyPendingWarp, type Augmentation, type AugmentationContext } from "./augmentation.ts";
import { randomWords, symmetricUniform } from "./random.ts";

/**
 * Options of {@linkcode affine}. Each except `mirror` is the largest amount of a random change, in both
 * directions.
 */
export interface AffineOptions {
  /** Largest rotation (degrees). Defaults to 10. */
  readonly rotate?: number;
  /** Largest scaling of both axes together, as a fraction of the size. Defaults to 0.1. */
  readonly scale?: number;
  /** Largest additional scaling of each axis on its own, as a fraction of the size. Defaults to 0.05. */
  readonly stretch?: number;
  /** Largest shear, in columns per row of distance from the middle. Defaults to 0.1. */
  readonly shear?: number;
  /** Largest shift along each axis (pixels, with fractions). Defaults to 1. */
  readonly shift?: number;
  /** Fraction of the images that are mirrored left to right. Defaults to 0. */
  readonly mirror?: number;
}

const share = z.number().min(0).max(0.9);

const options = z.strictObject({
  rotate: z.number().min(0).max(180).default(10)
    .describe("largest rotation to either side, in degrees"),
  scale: share.default(0.1)
    .describe("largest change of both axes together, as a fraction of the size"),
  stretch: share.default(0.05)
    .describe("largest change of each axis on its own, as a fraction of the size"),
  shear: z.number().min(0).max(2).default(0.1)
    .describe("largest shear, in columns per row of distance from the middle"),
  shift: z.number().min(0).max(1000).default(1)
    .describe("largest shift along each axis, in pixels with fractions"),
  mirror: z.number().min(0).max(1).default(0)
    .describe("fraction of the images mirrored left to right: for objects, not for signs"),
});

/**
 * Returns an augmentation that applies a random affine map to each image, with random numbers of its own.
 */
export function affine(overrides: AffineOptions = {}): Augmentation {
  const settings = withDefaults(options, overrides);
  return {
    isMixture: false,
    apply(images, context) {
      const before = applyPendingWarp(images);
      const { height, width } = images.size;
      const middle = { x: (width - 1) / 2, y: (height - 1) / 2 };
      return { ...before, map: inverseMap(drawParameters(settings, context), middle) };
    },
  };
}

/**
 * Parameters of the random affine map of each image, each [batch]: rotation (turns), shear, scale factors,
 * shifts (pixels).
 */
interface MapParameters {
  readonly turns: Tensor;
  readonly shear: Tensor;
  readonly scaleX: Tensor;
  readonly scaleY: Tensor;
  readonly shiftX: Tensor;
  readonly shiftY: Tensor;
}

/**
 * Returns random parameters of an affine map for each image of a batch, uniform within the bounds of the
 * options.
 */
function drawParameters(
  { rotate, scale, stretch, shear, shift, mirror }: Required<AffineOptions>,
  context: AugmentationContext,
): MapParameters {
  const [turn, slant] = randomWords(context, 0);
  const [right, down] = randomWords(context, 1);
  const [size, narrow] = randomWords(context, 2);
  const [flat, side] = randomWords(context, 3);
  const factor = (word: Tensor, size: number) => add(symmetricUniform(word, size), 1);
  const both = factor(size, scale);
  return {
    turns: symmetricUniform(turn, rotate / 360),
    shear: symmetricUniform(slant, shear),
    scaleX: negateRandomly(mul(both, factor(narrow, stretch)), side, mirror),
    scaleY: mul(both, factor(flat, stretch)),
    shiftX: symmetricUniform(right, shift),
    shiftY: symmetricUniform(down, shift),
  };
}

/**
 * Returns horizontal scale factors [batch], negated for a random `fraction` of the images. `word` is a
 * random 32-bit word for each image [batch], which selects these images.
 */
function negateRandomly(factors: Tensor, word: Tensor, fraction: number): Tensor {
  return fraction === 0
    ? factors
    : select(less(unitInterval(word), fraction), neg(factors), factors);
}

/**
 * Returns the map from each pixel p of the result to its position q in the original, q = S⁻¹ H⁻¹ R⁻¹ (p − m
 * − d) + m, for each image. `middle` is m, the middle of an image.
 */
function inverseMap(
  { turns, shear, scaleX, scaleY, shiftX, shiftY }: MapParameters,
  middle: { readonly x: number; readonly y: number },
): AffineMap {
  const [cos, sin] = [cosTurns(turns), cosTurns(sub(turns, 0.25))];
  const xx = div(add(cos, mul(shear, sin)), scaleX);
  const xy = div(sub(sin, mul(shear, cos)), scaleX);
  const yx = neg(div(sin, scaleY));
  const yy = div(cos, scaleY);
  const [toX, toY] = [add(shiftX, middle.x), add(shiftY, middle.y)]; // position of the shifted middle
  const at = (middle: number, x: Tensor, y: Tensor) => sub(middle, add(mul(x, toX), mul(y, toY)));
  return { xx, xy, atX: at(middle.x, xx, xy), yx, yy, atY: at(middle.y, yx, yy) };
}

export const affineEntry: Entry<AffineOptions, Augmentation> = entry({
  doc: "Rotates, scales, shears, shifts and mirrors each image",
  options,
  create: affine,
});
