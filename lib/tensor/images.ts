/**
 * Augmentations of images: operations on rows of an 8-bit data set, or on such rows augmented before.
 *
 * The result is of the same kind: whole numbers from 0 to 255 times the data set's scale. So what is
 * sparse stays sparse, and one augmentation can follow another. Rows are images in rising order of
 * their lines: pixel (column c, line r) is the element r · width + c.
 *
 * @module
 */

import type { Operation } from "./operations.ts";
import {
  dimension,
  expectType,
  sameShape,
  type Shape,
  show,
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
 * A place of the input for each place (x, y) of the output, x counting columns, y lines, both from 0:
 *
 *     x' = (xx · x + xy · y) + atX        y' = (yx · x + yy · y) + atY        each [batch]
 */
export interface AffineMap {
  /** What x adds to x'. */
  readonly xx: Tensor;
  /** What y adds to x'. */
  readonly xy: Tensor;
  /** Where the output's first pixel lies: its column. */
  readonly atX: Tensor;
  /** What x adds to y'. */
  readonly yx: Tensor;
  /** What y adds to y'. */
  readonly yy: Tensor;
  /** Where the output's first pixel lies: its line. */
  readonly atY: Tensor;
}

/**
 * How far each pixel is displaced before it is mapped: windows of one large field, as large as the
 * image, the same for a whole batch but each sample at places of its own.
 */
export interface Displacement {
  /** The field [size, size]. */
  readonly field: Tensor;
  /** Element of the field at which the window of displacements in x begins, integer [batch]. */
  readonly fromX: Tensor;
  /** The same in y. */
  readonly fromY: Tensor;
  /** What the window's elements are multiplied by to give pixels in x [batch]. */
  readonly alongX: Tensor;
  /** The same in y. */
  readonly alongY: Tensor;
}

/** Columns up to right and lines up to bottom, those not among them: each integer [batch]. */
export interface Box {
  /** First column. */
  readonly left: Tensor;
  /** First line. */
  readonly top: Tensor;
  /** Column after the last. */
  readonly right: Tensor;
  /** Line after the last. */
  readonly bottom: Tensor;
}

/** Pixels of an image with a frame at most, so that their numbers are exact in single precision. */
const MOST_PIXELS = 2 ** 22;

/** Pixels of an image with one more on each side, in lines of whole sixteens, as kernels lay it out. */
export function framedPixels({ height, width }: ImageSize): number {
  return (height + 2) * 16 * Math.ceil((width + 2) / 16);
}

/** The operations of this module, each of which augments its first operand. */
const KINDS: readonly Operation["kind"][] = ["warp", "erase", "blend", "disturb"];

/** Whether a tensor is rows augmented. */
export function isAugmented({ operation }: Tensor): boolean {
  return KINDS.includes(operation.kind);
}

/** The rows as they were taken from their data set, of rows augmented or not; else undefined. */
export function takenOf(tensor: Tensor): Tensor | undefined {
  let rows = tensor;
  while (isAugmented(rows)) rows = rows.inputs[0];
  return rows.operation.kind === "take" ? rows : undefined;
}

/** Numbers of a line of a window that are read: whole fours. */
function windowWidth({ width }: ImageSize): number {
  return 4 * Math.ceil(width / 4);
}

/**
 * The last element of a field [side, side] at which a window can begin. One that is said to begin later
 * begins there, and one before the field at its first element.
 */
export function windowLimit(size: ImageSize, side: number): number {
  return (side - size.height) * side + side - windowWidth(size);
}

/**
 * Images seen through a map: x [batch, height · width] → the same shape.
 *
 * The pixel (column c, line r) of the output shows the input at (x', y') of {@linkcode AffineMap} for
 * x = c + alongX · field and y = r + alongY · field, of the field's element for this pixel. Between four
 * pixels the value is bilinear, first along x and then along y: a + f (b − a) with the fraction f of the
 * place; beyond the image all is 0, and so is what lies nowhere (NaN). It is rounded to the nearest
 * whole number, halves to even. All is computed in single precision, in the order in which it stands.
 *
 * @throws {TypeError} if x is no rows of an 8-bit data set of such images, or shapes do not fit
 * @throws {RangeError} if the images are too large, or larger than the field
 */
export function warp(
  x: Tensor,
  size: ImageSize,
  map: AffineMap,
  displacement?: Displacement,
): Tensor {
  expectImages("warp", x, size);
  const { xx, xy, atX, yx, yy, atY } = map;
  for (const number of [xx, xy, atX, yx, yy, atY]) expectOneEach("warp", number, x, "float");
  const operands = displacement === undefined ? [] : displacementOperands(x, size, displacement);
  return augmented({ kind: "warp", ...size }, [x, xx, xy, atX, yx, yy, atY, ...operands]);
}

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
        `received ${show(field.shape)}`,
    );
  }
  for (const place of [fromX, fromY]) expectOneEach("warp", place, x, "integer");
  for (const factor of [alongX, alongY]) expectOneEach("warp", factor, x, "float");
  return [field, fromX, fromY, alongX, alongY];
}

/**
 * Images with a box of each set to 0; what of the box lies beyond the image counts for nothing.
 *
 * @throws {TypeError} as {@linkcode warp}
 */
export function erase(x: Tensor, size: ImageSize, { left, top, right, bottom }: Box): Tensor {
  expectImages("erase", x, size);
  for (const side of [left, top, right, bottom]) expectOneEach("erase", side, x, "integer");
  return augmented({ kind: "erase", ...size }, [x, left, top, right, bottom]);
}

/**
 * Each row a mixed with the next one b, the last with the first: the nearest whole number, halves to
 * even, to b + λ (a − b) in single precision, for weights λ [batch] from 0 to 1.
 *
 * @throws {TypeError} as {@linkcode warp}
 */
export function blend(x: Tensor, weight: Tensor): Tensor {
  expectRows("blend", x);
  expectOneEach("blend", weight, x, "float");
  return augmented({ kind: "blend" }, [x, weight]);
}

/**
 * Values with something added [batch, features], in the unit of 8-bit values: the nearest whole number
 * from 0 to 255, halves to even, to the sum in single precision; 0 if that is not a number.
 *
 * @throws {TypeError} as {@linkcode warp}
 */
export function disturb(x: Tensor, added: Tensor): Tensor {
  expectRows("disturb", x);
  expectType("disturb", added, "float");
  if (!sameShape(added.shape, x.shape)) {
    throw new TypeError(
      `Cannot disturb: expected a number for each of ${show(x.shape)}: received ${
        show(added.shape)
      }`,
    );
  }
  return augmented({ kind: "disturb" }, [x, added]);
}

function augmented(operation: Operation, inputs: readonly [Tensor, ...Tensor[]]): Tensor {
  return tensorOf({ operation, inputs, shape: inputs[0].shape, type: "float" });
}

/** Throws unless a tensor is rows of an 8-bit data set, augmented or not. */
function expectRows(operation: string, x: Tensor): void {
  const data = takenOf(x)?.inputs[0]?.operation;
  if (data?.kind === "source" && data.encoding !== "dense32") return;
  const received = data?.kind === "source" ? "32-bit ones" : x.operation.kind;
  throw new TypeError(`Cannot ${operation}: expected rows of 8-bit features: received ${received}`);
}

function expectImages(operation: string, x: Tensor, { height, width }: ImageSize): void {
  expectRows(operation, x);
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

/** Throws unless a tensor has one number for each row. */
function expectOneEach(operation: string, tensor: Tensor, x: Tensor, type: Tensor["type"]): void {
  expectType(operation, tensor, type);
  const expected: Shape = [dimension(x, 0)];
  if (sameShape(tensor.shape, expected)) return;
  throw new TypeError(
    `Cannot ${operation}: expected a number for each row, ${show(expected)}: received ${
      show(tensor.shape)
    }`,
  );
}
