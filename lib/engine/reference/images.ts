/**
 * The definition of the augmentations of images, by plain loops.
 *
 * @module
 */
import { type ImageSize, windowLimit } from "../../tensor/images.ts";
import { roundHalfToEven } from "../../tensor/scalar.ts";
import { type Tensor } from "../../tensor/tensor.ts";

type Numbers = ArrayLike<number>;
/** Rounds to the precision of the computation. */
type Round = (x: number) => number;

/**
 * Augments rows of pixels, integers from 0 to 255, row-major [batch, features].
 *
 * @param tensor tensor of the augmentation, one of those in `lib/tensor/images.ts`
 * @param rows pixels before the augmentation
 * @param inputs elements of all operands of the tensor; the first operand, the decoded rows, is not used
 * @param round rounds to the precision of the computation
 */
export function augmentRows(
  { operation, shape }: Tensor,
  rows: Numbers,
  [, ...operands]: readonly Numbers[],
  round: Round,
): Uint8Array<ArrayBuffer> {
  const features = shape[1];
  const of = (operand: number, row: number) => operands[operand]?.[row];
  return Uint8Array.from({ length: rows.length }, (_, i) => {
    const row = Math.floor(i / features);
    const here = rows[i];
    switch (operation.kind) {
      case "warp": {
        const [line, column] = pixelCoordinates(i % features, operation);
        const source = displacePixel(operands, operation, { row, line, column }, round);
        const at = (n: number) =>
          round(
            round(round(of(n, row) * source.x) + round(of(n + 1, row) * source.y)) + of(n + 2, row),
          );
        const pixel = (line: number, column: number) =>
          isInsideImage(line, column, operation)
            ? rows[row * features + line * operation.width + column]
            : 0;
        return roundToByte(interpolateBilinearly(pixel, operation, { x: at(0), y: at(3) }, round));
      }
      case "erase": {
        const [line, column] = pixelCoordinates(i % features, operation);
        const [left, top, right, bottom] = [of(0, row), of(1, row), of(2, row), of(3, row)];
        return left <= column && column < right && top <= line && line < bottom ? 0 : here;
      }
      case "blend": {
        const next = rows[(i + features) % rows.length];
        return roundToByte(round(next + round(of(0, row) * (here - next))));
      }
      default:
        return roundToByte(round(here + of(0, i)));
    }
  });
}

/** Returns the nearest integer from 0 to 255, ties to even; 0 for NaN. */
function roundToByte(value: number): number {
  return value > 0 ? roundHalfToEven(Math.min(value, 255)) : 0;
}

/** Returns line and column of a pixel, by its index in the row of an image. */
function pixelCoordinates(
  pixel: number,
  { width }: ImageSize,
): readonly [line: number, column: number] {
  return [Math.floor(pixel / width), pixel % width];
}

/** Returns whether an image of a size has a pixel at a line and column. */
function isInsideImage(line: number, column: number, { height, width }: ImageSize): boolean {
  return line >= 0 && line < height && column >= 0 && column < width;
}

/** Coordinates of a point in an image: x counts columns and y lines, both from 0. */
interface Coordinates {
  readonly x: number;
  readonly y: number;
}

/**
 * Returns the coordinates of a pixel after its displacement by the field. Each row of the batch reads its own
 * windows of the field. Without a field, the pixel stays.
 *
 * @param operands operands of the warp after the rows: six of the affine map, then those of the displacement
 */
function displacePixel(
  operands: readonly Numbers[],
  size: ImageSize,
  { row, line, column }: {
    readonly row: number;
    readonly line: number;
    readonly column: number;
  },
  round: Round,
): Coordinates {
  const [field, fromX, fromY, alongX, alongY] = operands.slice(6);
  if (field === undefined) return { x: column, y: line };
  const side = Math.sqrt(field.length);
  const along = (pixel: number, from: Numbers | undefined, factors: Numbers | undefined) => {
    const first = Math.min(Math.max(from?.[row] as number, 0), windowLimit(size, side));
    const moved = round((factors?.[row] as number) * field[first + line * side + column]);
    return round(pixel + moved);
  };
  return { x: along(column, fromX, alongX), y: along(line, fromY, alongY) };
}

/**
 * Returns the value at a point, interpolated between the four pixels around it. Coordinates that are NaN or
 * far outside the image are moved to the border of zeros around it.
 *
 * @param pixel returns the value of the pixel at a line and column, 0 outside the image
 */
function interpolateBilinearly(
  pixel: (line: number, column: number) => number,
  { height, width }: ImageSize,
  at: Coordinates,
  round: Round,
): number {
  const within = (value: number, size: number) => value > -1 ? Math.min(value, size) : -1;
  const [x, y] = [within(at.x, width), within(at.y, height)];
  const [column, line] = [Math.floor(x), Math.floor(y)];
  const mix = (a: number, b: number, f: number) => round(a + round(f * round(b - a)));
  const along = (line: number) =>
    mix(pixel(line, column), pixel(line, column + 1), round(x - column));
  return mix(along(line), along(line + 1), round(y - line));
}
