/**
 * Images turned, stretched, slanted, shifted and mirrored, about their middle.
 *
 *     p  =  R(θ) H(k) S(sx, sy) (q − m) + m + d       q a place of the original, p where it appears
 *
 *     R = (cos θ, −sin θ; sin θ, cos θ)    H = (1, k; 0, 1)    S = diag(sx, sy)    m the middle
 *
 * with θ, k, d, and the factors sx = ±(1 + s)(1 + s₁), sy = (1 + s)(1 + s₂) each uniform
 * within their bounds, and a minus that exchanges left and right in a share of the images. But for
 * that it is the family of Simard, Steinkraus and Platt ("Best practices for convolutional
 * neural networks applied to visual document analysis", ICDAR 2003, section 2) and of Cireşan et al.
 * ("Deep, big, simple neural nets for handwritten digit recognition", Neural Computation 22(12), 2010).
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
import { type Augmentation, type Draw, settled } from "./augmentation.ts";
import { within, words } from "./draw.ts";

/** Options of {@linkcode affine}: how far each number may go, in both directions. */
export interface AffineOptions {
  /** Degrees. */
  readonly rotate?: number;
  /** Share of the size, of both axes alike. */
  readonly scale?: number;
  /** Share of the size, of each axis by itself. */
  readonly stretch?: number;
  /** Columns a line is moved by, for each line that it lies off the middle. */
  readonly shear?: number;
  /** Pixels, along each axis. */
  readonly shift?: number;
  /** Share of the images whose left and right are exchanged. */
  readonly mirror?: number;
}

const share = z.number().min(0).max(0.9);

const options = z.strictObject({
  rotate: z.number().min(0).max(180).default(10)
    .describe("degrees, at most, to either side"),
  scale: share.default(0.1)
    .describe("share of the size, at most, that both axes grow or shrink by alike"),
  stretch: share.default(0.05)
    .describe("share of the size, at most, that each axis grows or shrinks by itself"),
  shear: z.number().min(0).max(2).default(0.1)
    .describe("columns, at most, that a line moves by for each line it lies off the middle"),
  shift: z.number().min(0).max(1000).default(1)
    .describe("pixels, at most, along each axis; parts of pixels too"),
  mirror: z.number().min(0).max(1).default(0)
    .describe("share of the images whose left and right are exchanged: for things, not for signs"),
});

/** A random affine map for each image. */
export function affine(overrides: AffineOptions = {}): Augmentation {
  const settings = withDefaults(options, overrides);
  return {
    isMixture: false,
    apply(images, draw) {
      const before = settled(images);
      const { height, width } = images.size;
      const middle = { x: (width - 1) / 2, y: (height - 1) / 2 };
      return { ...before, map: inverse(drawn(settings, draw), middle) };
    },
  };
}

/** What the map of each image is made of, [batch] each. */
interface Numbers {
  readonly turns: Tensor;
  readonly shear: Tensor;
  readonly scaleX: Tensor;
  readonly scaleY: Tensor;
  readonly shiftX: Tensor;
  readonly shiftY: Tensor;
}

function drawn(
  { rotate, scale, stretch, shear, shift, mirror }: Required<AffineOptions>,
  draw: Draw,
): Numbers {
  const [turn, slant] = words(draw, 0);
  const [right, down] = words(draw, 1);
  const [size, narrow] = words(draw, 2);
  const [flat, side] = words(draw, 3);
  const factor = (word: Tensor, size: number) => add(within(word, size), 1);
  const both = factor(size, scale);
  return {
    turns: within(turn, rotate / 360),
    shear: within(slant, shear),
    scaleX: mirrored(mul(both, factor(narrow, stretch)), side, mirror),
    scaleY: mul(both, factor(flat, stretch)),
    shiftX: within(right, shift),
    shiftY: within(down, shift),
  };
}

/** Factors of the width, negative for a share of the images. */
function mirrored(factors: Tensor, word: Tensor, share: number): Tensor {
  return share === 0 ? factors : select(less(unitInterval(word), share), neg(factors), factors);
}

/** Where each pixel p of the result comes from: q = S⁻¹ H⁻¹ R⁻¹ (p − m − d) + m. */
function inverse(
  { turns, shear, scaleX, scaleY, shiftX, shiftY }: Numbers,
  middle: { readonly x: number; readonly y: number },
): AffineMap {
  const [cos, sin] = [cosTurns(turns), cosTurns(sub(turns, 0.25))];
  const xx = div(add(cos, mul(shear, sin)), scaleX);
  const xy = div(sub(sin, mul(shear, cos)), scaleX);
  const yx = neg(div(sin, scaleY));
  const yy = div(cos, scaleY);
  const [toX, toY] = [add(shiftX, middle.x), add(shiftY, middle.y)]; // where the middle appears
  const at = (middle: number, x: Tensor, y: Tensor) => sub(middle, add(mul(x, toX), mul(y, toY)));
  return { xx, xy, atX: at(middle.x, xx, xy), yx, yy, atY: at(middle.y, yx, yy) };
}

export const affineEntry: Entry<AffineOptions, Augmentation> = entry({
  doc: "Turns, stretches, slants, shifts and mirrors each image",
  options,
  create: affine,
});
