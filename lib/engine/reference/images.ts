/**
 * Reference of the augmentations of images.
 *
 * @module
 */
import { type ImageSize, windowLimit } from "../../tensor/images.ts";
import { roundHalfToEven } from "../../tensor/scalar.ts";
import { type Tensor } from "../../tensor/tensor.ts";

type Numbers = ArrayLike<number>;
type Round = (x: number) => number;

/**
 * Augments rows of pixels, integers from 0 to 255, row-major [batch, features].
 *
 * @param tensor the operation, one of those in `lib/tensor/images.ts`
 * @param rows the pixels before
 * @param inputs values of all operands of the tensor; the first, the decoded rows, is not used
 */
export function augment(
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
        const [line, column] = pixelOf(i % features, operation);
        const source = displaced(operands, operation, { row, line, column }, round);
        const at = (n: number) =>
          round(
            round(round(of(n, row) * source.x) + round(of(n + 1, row) * source.y)) + of(n + 2, row),
          );
        const pixel = (line: number, column: number) =>
          isInside(line, column, operation)
            ? rows[row * features + line * operation.width + column]
            : 0;
        return nearestByte(bilinear(pixel, operation, { x: at(0), y: at(3) }, round));
      }
      case "erase": {
        const [line, column] = pixelOf(i % features, operation);
        const [left, top, right, bottom] = [of(0, row), of(1, row), of(2, row), of(3, row)];
        return left <= column && column < right && top <= line && line < bottom ? 0 : here;
      }
      case "blend": {
        const next = rows[(i + features) % rows.length];
        return nearestByte(round(next + round(of(0, row) * (here - next))));
      }
      default:
        return nearestByte(round(here + of(0, i)));
    }
  });
}

/** Returns the nearest integer from 0 to 255, ties to even; 0 for NaN. */
function nearestByte(value: number): number {
  return value > 0 ? roundHalfToEven(Math.min(value, 255)) : 0;
}

function pixelOf(pixel: number, { width }: ImageSize): readonly [line: number, column: number] {
  return [Math.floor(pixel / width), pixel % width];
}

function isInside(line: number, column: number, { height, width }: ImageSize): boolean {
  return line >= 0 && line < height && column >= 0 && column < width;
}

interface Coordinates {
  readonly x: number;
  readonly y: number;
}

/** Returns the coordinates of a pixel displaced by its row's windows of the field, if there is a field. */
function displaced(
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

/** Interpolates between four pixels. NaN and far coordinates are moved to the frame of zeros around the image. */
function bilinear(
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
