import { extent, type Image } from "deno-plot-svg";
import type { FeatureStatistics } from "../features.ts";
import type { ImageShape } from "../../../report/images.ts";

/** Largest side length of an image [pixels]. Larger images are shrunk. */
const LARGEST = 56;

/** Smallest and largest value of a range that is drawn from byte 0 to byte 255. */
export type Ends = readonly [low: number, high: number];

/** Returns the range of the values of all features, extended to include 0. */
export function valueRange({ min, max }: Pick<FeatureStatistics, "min" | "max">): Ends {
  return [min.reduce((a, b) => Math.min(a, b), 0), max.reduce((a, b) => Math.max(a, b), 0)];
}

/** Returns the largest of some numbers, or 0 if none is positive. NaN is ignored. */
export function largestValue(values: Iterable<number>): number {
  return Math.max(0, extent(values)?.[1] ?? 0);
}

/**
 * Returns an image of bytes with at most 56 pixels on each side. A larger image is divided into squares, and
 * each square becomes one pixel with its mean. The byte is 0 where the mean is not finite or both ends are equal.
 *
 * @param values values of the image, row-major [height, width, channels]
 * @param ends values that become the bytes 0 and 255; values outside are clamped
 */
export function drawableImage(values: ArrayLike<number>, shape: ImageShape, ends: Ends): Image {
  const { height, width, channels } = shape;
  const factor = Math.ceil(Math.max(height, width) / LARGEST);
  const [down, across] = [Math.ceil(height / factor), Math.ceil(width / factor)];
  const pixels = new Uint8Array(down * across * channels);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const mean = squareMean(values, shape, { x, y, channel, factor });
        pixels[(y * across + x) * channels + channel] = toGrey(mean, ends);
      }
    }
  }
  return { height: down, width: across, channels, pixels };
}

/**
 * Returns the mean of one channel over one of the squares into which an image is divided.
 *
 * @param x index of the square in its row of squares, from 0
 * @param y index of the row of squares, from 0
 * @param factor side length of a square [pixels]
 */
function squareMean(
  values: ArrayLike<number>,
  { height, width, channels }: ImageShape,
  { x, y, channel, factor }: {
    readonly x: number;
    readonly y: number;
    readonly channel: number;
    readonly factor: number;
  },
): number {
  let [sum, count] = [0, 0];
  for (let row = y * factor; row < Math.min(height, (y + 1) * factor); row++) {
    for (let column = x * factor; column < Math.min(width, (x + 1) * factor); column++) {
      sum += values[(row * width + column) * channels + channel];
      count++;
    }
  }
  return sum / count;
}

/** Maps a value linearly from a range to a byte. Values outside are clamped; NaN, ±∞ and an empty range give 0. */
function toGrey(value: number, [low, high]: Ends): number {
  const share = (value - low) / (high - low);
  return Number.isFinite(share) ? Math.round(255 * Math.min(1, Math.max(0, share))) : 0;
}
