/**
 * Conversion of a picture of a digit to the form of MNIST: bright on black, scaled to a box of 20 × 20
 * pixels, with the centre of mass in the middle of 28 × 28 pixels.
 *
 * LeCun, Cortes and Burges, "The MNIST database of handwritten digits": "size normalized to fit in a 20x20
 * pixel box while preserving their aspect ratio", then centred "by computing the center of mass of the
 * pixels". All is computed in integers, so bits are equal everywhere.
 *
 * @module
 */
import { center } from "../prepare/center.ts";
import type { ImageSize } from "../../tensor/mod.ts";
import { resize } from "./resize.ts";
import type { GreyImage } from "./size.ts";

/** Side of the box that holds a digit, and side of the whole image, in MNIST (pixels). */
const [BOX, FIELD] = [20, 28] as const;

/**
 * Smallest accepted difference of grey values, from 0 to 255, between the strongest pixel of a digit and
 * the background.
 */
const LEAST_CONTRAST = 24;

/**
 * Fraction of the strongest pixel's difference from the background. Pixels that differ less count as noise
 * and not as part of the digit.
 */
const NOISE = 1 / 8;

/**
 * Converts a picture of a digit to an image of another size, in which the digit is cropped, scaled and
 * placed as the digits of MNIST are.
 *
 * The grey value of the background is the median of the pixels at the picture's margin. The digit consists
 * of the pixels that are darker than the background, or of those that are brighter, whichever differ more
 * in total. Its strongest pixel becomes 255.
 *
 * @param size size of the returned image
 * @param origin name of the file in error messages
 * @throws {RangeError} if no pixel differs enough from the background
 */
export function extractDigit(picture: GreyImage, size: ImageSize, origin: string): GreyImage {
  const ink = subtractBackground(picture, origin);
  const cropped = cropToDigit(ink);
  const most = Math.max(1, Math.floor(Math.min(size.height, size.width) * BOX / FIELD));
  const longer = Math.max(cropped.height, cropped.width);
  const scaled = (side: number) => Math.max(1, Math.round(side * most / longer));
  const digit = resize(cropped, { height: scaled(cropped.height), width: scaled(cropped.width) });
  const [top, left] = [
    Math.floor((size.height - digit.height) / 2),
    Math.floor((size.width - digit.width) / 2),
  ];
  const placed = new Uint8Array(size.height * size.width);
  for (let row = 0; row < digit.height; row++) {
    const start = row * digit.width;
    placed.set(digit.values.subarray(start, start + digit.width), (top + row) * size.width + left);
  }
  const values = new Uint8Array(placed.length);
  center()(size)(placed, values);
  return { ...size, values };
}

/**
 * Subtracts the background of a picture. Returns the digit bright on black: 0 at pixels of the background,
 * and 255 at the strongest pixel. Throws a RangeError if no pixel differs enough from the background.
 */
function subtractBackground({ height, width, values }: GreyImage, origin: string): GreyImage {
  const background = median(borderPixels({ height, width, values }));
  let [darker, brighter] = [0, 0];
  for (const value of values) {
    if (value < background) darker += background - value;
    else brighter += value - background;
  }
  const sign = darker > brighter ? -1 : 1;
  const ink = values.map((value) => Math.max(0, sign * (value - background)));
  const strongest = ink.reduce((most, value) => Math.max(most, value), 0);
  if (strongest < LEAST_CONTRAST) {
    throw new RangeError(
      `Cannot read "${origin}": expected a digit that stands out from its background: received ` +
        `a picture whose greys differ by ${strongest} of 255`,
    );
  }
  const least = NOISE * strongest;
  const stretched = ink.map((value) =>
    value < least ? 0 : Math.floor((510 * value + strongest) / (2 * strongest))
  );
  return { height, width, values: stretched };
}

/**
 * Returns the values of the outermost pixels of a picture: first and last row, first and last column.
 */
function borderPixels({ height, width, values }: GreyImage): readonly number[] {
  const margin: number[] = [];
  for (let column = 0; column < width; column++) {
    margin.push(values[column], values[(height - 1) * width + column]);
  }
  for (let row = 1; row < height - 1; row++) {
    margin.push(values[row * width], values[(row + 1) * width - 1]);
  }
  return margin;
}

/** Returns the median of numbers. For an even count, this is the lower of the two middle numbers. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length - 1 >> 1];
}

/**
 * Crops an image to the smallest rectangle that contains all pixels above 0. At least one pixel must be
 * above 0.
 */
function cropToDigit({ height, width, values }: GreyImage): GreyImage {
  let [top, bottom, left, right] = [height, -1, width, -1];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (values[row * width + column] === 0) continue;
      [top, bottom] = [Math.min(top, row), row];
      [left, right] = [Math.min(left, column), Math.max(right, column)];
    }
  }
  const size = { height: bottom - top + 1, width: right - left + 1 };
  const cropped = new Uint8Array(size.height * size.width);
  for (let row = 0; row < size.height; row++) {
    const start = (top + row) * width + left;
    cropped.set(values.subarray(start, start + size.width), row * size.width);
  }
  return { ...size, values: cropped };
}
