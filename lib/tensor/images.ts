/**
 * Augmentations of images: operations on rows of an 8-bit data set, which can be chained.
 *
 * Results are rows of the same kind: integers from 0 to 255 times the data set's scale. So sparse rows stay
 * sparse. A row is an image line by line: pixel (column c, line r) is the element r · width + c.
 *
 * @module
 */

import type { Operation } from "./operations.ts";
import {
  dimension,
  expectType,
  formatShape,
  sameShape,
  type Shape,
  type Tensor,
  tensorOf,
} from "./tensor.ts";

/** Lines and columns of an image. */
export interface ImageSize {
  /** Number of lines. */
  readonly height: number;
  /** Number of columns. */
  readonly width: number;
}

/**
 * Affine maps from the coordinates (x, y) of an output pixel to coordinates (x', y') of the input. x counts
 * columns and y lines, both from 0:
 *
 *     x' = (xx · x + xy · y) + atX        y' = (yx · x + yy · y) + atY        each [batch]
 */
export interface AffineMap {
  /** Coefficient of x in x'. */
  readonly xx: Tensor;
  /** Coefficient of y in x'. */
  readonly xy: Tensor;
  /** Column of the input from which the output's pixel (0, 0) is read. */
  readonly atX: Tensor;
  /** Coefficient of x in y'. */
  readonly yx: Tensor;
  /** Coefficient of y in y'. */
  readonly yy: Tensor;
  /** Line of the input from which the output's pixel (0, 0) is read. */
  readonly atY: Tensor;
}

/**
 * Displacements of pixels before the affine map. They are read from two windows, as large as the image, of
 * one larger field. All samples of a batch share the field, and each has its own windows.
 */
export interface Displacement {
  /** Field of displacements, float [side, side], before multiplication by `alongX` or `alongY`. */
  readonly field: Tensor;
  /** Index of the first element of the window for x in the field, counted row by row, integer [batch]. */
  readonly fromX: Tensor;
  /** Index of the first element of the window for y in the field, counted row by row, integer [batch]. */
  readonly fromY: Tensor;
  /** Number of pixels by which a displacement of 1 moves a pixel in x [batch]. */
  readonly alongX: Tensor;
  /** Number of pixels by which a displacement of 1 moves a pixel in y [batch]. */
  readonly alongY: Tensor;
}

/**
 * A box of pixels in each image of a batch, which ends before `right` and `bottom`. All four are integer
 * tensors [batch].
 */
export interface Box {
  /** First column. */
  readonly left: Tensor;
  /** First line. */
  readonly top: Tensor;
  /** Column after the last one. */
  readonly right: Tensor;
  /** Line after the last one. */
  readonly bottom: Tensor;
}

/**
 * Largest number of pixels of a padded image, see {@linkcode framedPixels}: their indices are exact in single
 * precision.
 */
const MOST_PIXELS = 2 ** 22;

/**
 * Returns the number of pixels of an image after padding by one pixel on each side, with lines whose length
 * is a multiple of 16, as kernels store it.
 */
export function framedPixels({ height, width }: ImageSize): number {
  return (height + 2) * 16 * Math.ceil((width + 2) / 16);
}

/** Kinds of the operations in this module, each of which augments its first operand. */
const AUGMENTATIONS: readonly Operation["kind"][] = ["warp", "erase", "blend", "addNoise"];

/** Returns whether a tensor is the result of an augmentation. */
export function isAugmented({ operation }: Tensor): boolean {
  return AUGMENTATIONS.includes(operation.kind);
}

/**
 * Returns the rows that were gathered from a data set before any augmentation: the tensor itself, or the
 * tensor from which it was augmented. Returns undefined if the tensor does not consist of rows of a data set.
 */
export function sourceRowsOf(tensor: Tensor): Tensor | undefined {
  let rows = tensor;
  while (isAugmented(rows)) rows = rows.inputs[0];
  return rows.operation.kind === "gatherRows" ? rows : undefined;
}

/**
 * Returns the number of elements that kernels read from each line of a window, for images of a size: the
 * image's width, rounded up to a multiple of 4.
 */
function windowWidth({ width }: ImageSize): number {
  return 4 * Math.ceil(width / 4);
}

/**
 * Returns the index of the last element of a field [side, side], counted row by row, at which a window of an
 * image's size can begin. An augmentation replaces a larger index by this one, and a negative index by 0.
 */
export function windowLimit(size: ImageSize, side: number): number {
  return (side - size.height) * side + side - windowWidth(size);
}

/**
 * Maps images x [batch, height · width] to images of the same shape.
 *
 * The pixel (column c, line r) of the output is the input at (x', y') of {@linkcode AffineMap} for
 * x = c + alongX · field and y = r + alongY · field, with the elements of the two windows for this pixel.
 * The value there is interpolated bilinearly between four pixels, first along x and then along y:
 * a + f (b − a) with the fraction f of the coordinate. Outside the image, and for NaN, the value is 0. It is
 * rounded to the nearest integer, ties to even. Everything is computed in single precision, in this order.
 *
 * @throws {TypeError} if x is not rows of an 8-bit data set of such images, or a tensor of the map or of the
 *   displacement does not have one number of the right type for each image
 * @throws {RangeError} if the images are too large, or the field is not square or smaller than the images
 */
export function warp(
  x: Tensor,
  size: ImageSize,
  map: AffineMap,
  displacement?: Displacement,
): Tensor {
  expectImages("warp", x, size);
  const { xx, xy, atX, yx, yy, atY } = map;
  for (const number of [xx, xy, atX, yx, yy, atY]) expectOnePerRow("warp", number, x, "float");
  const operands = displacement === undefined ? [] : displacementOperands(x, size, displacement);
  return createAugmentedRows({ kind: "warp", ...size }, [x, xx, xy, atX, yx, yy, atY, ...operands]);
}

/** Checks a displacement of the images x. Returns its tensors in the order of the operands of a warp. */
function displacementOperands(
  x: Tensor,
  size: ImageSize,
  { field, fromX, fromY, alongX, alongY }: Displacement,
): readonly Tensor[] {
  expectType("warp", field, "float");
  const [side = 0] = field.shape;
  const least = Math.max(size.height, windowWidth(size));
  if (!sameShape(field.shape, [side, side]) || side < least) {
    throw new RangeError(
      `Cannot warp: expected a square field that holds images of ${size.height} × ${size.width}: ` +
        `received ${formatShape(field.shape)}`,
    );
  }
  for (const start of [fromX, fromY]) expectOnePerRow("warp", start, x, "integer");
  for (const factor of [alongX, alongY]) expectOnePerRow("warp", factor, x, "float");
  return [field, fromX, fromY, alongX, alongY];
}

/**
 * Sets a box of each image of x [batch, height · width] to 0. Parts of the box outside the image are ignored.
 *
 * @throws {TypeError} if x is not rows of an 8-bit data set of such images, or a side of the box is not an
 *   integer for each image
 * @throws {RangeError} if the images are too large
 */
export function erase(x: Tensor, size: ImageSize, { left, top, right, bottom }: Box): Tensor {
  expectImages("erase", x, size);
  for (const side of [left, top, right, bottom]) expectOnePerRow("erase", side, x, "integer");
  return createAugmentedRows({ kind: "erase", ...size }, [x, left, top, right, bottom]);
}

/**
 * Mixes each row a of x [batch, features] with the next row b of the batch, and the last row with the first:
 * b + λ (a − b) in single precision, rounded to the nearest integer, ties to even. `weight` [batch] is λ for
 * each row a, from 0 to 1.
 *
 * @throws {TypeError} if x is not rows of an 8-bit data set, or `weight` is not a number for each row
 */
export function blend(x: Tensor, weight: Tensor): Tensor {
  expect8BitRows("blend", x);
  expectOnePerRow("blend", weight, x, "float");
  return createAugmentedRows({ kind: "blend" }, [x, weight]);
}

/**
 * Adds `added` [batch, features], in units of 8-bit values, to rows x of the same shape. The sum in single
 * precision is rounded to the nearest integer from 0 to 255, ties to even; NaN becomes 0.
 *
 * @throws {TypeError} if x is not rows of an 8-bit data set, or `added` has another shape
 */
export function addNoise(x: Tensor, added: Tensor): Tensor {
  expect8BitRows("add noise", x);
  expectType("add noise", added, "float");
  if (!sameShape(added.shape, x.shape)) {
    throw new TypeError(
      `Cannot add noise: expected a number for each of ${formatShape(x.shape)}: received ${
        formatShape(added.shape)
      }`,
    );
  }
  return createAugmentedRows({ kind: "addNoise" }, [x, added]);
}

/** Returns the tensor of an operation that augments its first input, and has its shape. */
function createAugmentedRows(operation: Operation, inputs: readonly [Tensor, ...Tensor[]]): Tensor {
  return tensorOf({ operation, inputs, shape: inputs[0].shape, type: "float" });
}

/** Throws a TypeError unless a tensor consists of rows of an 8-bit data set, augmented or not. */
function expect8BitRows(operation: string, x: Tensor): void {
  const data = sourceRowsOf(x)?.inputs[0]?.operation;
  if (data?.kind === "source" && data.encoding !== "dense32") return;
  const received = data?.kind === "source" ? "32-bit ones" : x.operation.kind;
  throw new TypeError(`Cannot ${operation}: expected rows of 8-bit features: received ${received}`);
}

/**
 * Checks that x consists of images of a size, as rows of an 8-bit data set.
 *
 * @param operation verb for messages: "warp"
 * @throws {TypeError} if the rows are others
 * @throws {RangeError} if a padded image has more than {@linkcode MOST_PIXELS} pixels
 */
function expectImages(operation: string, x: Tensor, { height, width }: ImageSize): void {
  expect8BitRows(operation, x);
  const features = dimension(x, 1);
  if (height * width !== features) {
    throw new TypeError(
      `Cannot ${operation}: expected rows of ${height} × ${width} pixels: received ${features}`,
    );
  }
  if (framedPixels({ height, width }) > MOST_PIXELS) {
    throw new RangeError(
      `Cannot ${operation}: expected at most ${MOST_PIXELS} pixels with their frame: ` +
        `received ${height} × ${width}`,
    );
  }
}

/** Throws a TypeError unless a tensor has one element of the given type for each row of x. */
function expectOnePerRow(operation: string, tensor: Tensor, x: Tensor, type: Tensor["type"]): void {
  expectType(operation, tensor, type);
  const expected: Shape = [dimension(x, 0)];
  if (sameShape(tensor.shape, expected)) return;
  throw new TypeError(
    `Cannot ${operation}: expected a number for each row, ${formatShape(expected)}: received ${
      formatShape(tensor.shape)
    }`,
  );
}
