/**
 * Cutout (DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout",
 * arXiv:1708.04552, 2017, section 3.2): a square of zeros around a uniformly random pixel. The square may
 * extend beyond the image.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  addInteger,
  constant,
  erase,
  mul,
  type Tensor,
  toInteger,
  unitInterval,
} from "../../tensor/mod.ts";
import { applyPendingWarp, type Augmentation } from "./augmentation.ts";
import { randomWords } from "./random.ts";

/** Options of {@linkcode cutout}. */
export interface CutoutOptions {
  /** Side of the square (pixels). Defaults to 8. */
  readonly size?: number;
}

const options = z.strictObject({
  size: z.int().min(1).max(2048).default(8)
    .describe("side of the square in pixels"),
});

/**
 * Returns an augmentation that sets a square around a random pixel of each image to 0. The part of the
 * square outside the image is ignored.
 */
export function cutout(overrides: CutoutOptions = {}): Augmentation {
  const { size } = withDefaults(options, overrides);
  return {
    isMixture: false,
    apply(images, context) {
      const before = applyPendingWarp(images);
      const { height, width } = images.size;
      const [column, line] = randomWords(context, 0);
      const from = (word: Tensor, count: number) =>
        addNumber(toInteger(mul(unitInterval(word), count)), -Math.floor(size / 2));
      const [left, top] = [from(column, width), from(line, height)];
      const box = { left, top, right: addNumber(left, size), bottom: addNumber(top, size) };
      return { ...before, x: erase(before.x, images.size, box) };
    },
  };
}

/** Adds a constant integer to each element of an integer tensor. */
function addNumber(integers: Tensor, number: number): Tensor {
  return addInteger(integers, constant(number, "integer"));
}

export const cutoutEntry: Entry<CutoutOptions, Augmentation> = entry({
  doc: "Sets a square of each image, anywhere, to 0 (DeVries and Taylor, 2017)",
  options,
  create: cutout,
});
