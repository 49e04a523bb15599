import { extent, type Image } from "deno-plot-svg";
import type { FeatureStatistics } from "../features.ts";
import type { ImageShape } from "../../../report/images.ts";

/** Longest side [px] of an image; larger images are shrunk. */
const LARGEST = 56;

/** The values drawn as 0 and as 255. */
export type Ends = readonly [low: number, high: number];

/** Returns the range from 0, or a negative minimum, to the maximum. */
export function endsOf({ min, max }: Pick<FeatureStatistics, "min" | "max">): Ends {
  return [min.reduce((a, b) => Math.min(a, b), 0), max.reduce((a, b) => Math.max(a, b), 0)];
}

/** Returns the largest of some numbers, at least 0; NaN is ignored. */
export function largestOf(values: Iterable<number>): number {
  return Math.max(0, extent(values)?.[1] ?? 0);
}

/**
 * Returns values as an image of at most 56 pixels on each side. Larger images are shrunk by a whole factor,
 * each pixel being the mean of a square. Non-finite values are drawn as the lower end.
 *
 * @param values row-major [height, width, channels]
 * @param ends the values drawn as 0 and as 255
 */
export function imageOf(values: ArrayLike<number>, shape: ImageShape, ends: Ends): Image {
  const { height, width, channels } = shape;
  const factor = Math.ceil(Math.max(height, width) / LARGEST);
  const [down, across] = [Math.ceil(height / factor), Math.ceil(width / factor)];
  const pixels = new Uint8Array(down * across * channels);
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const mean = meanOfSquare(values, shape, { x, y, channel, factor });
        pixels[(y * across + x) * channels + channel] = shade(mean, ends);
      }
    }
  }
  return { height: down, width: across, channels, pixels };
}

function meanOfSquare(
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

function shade(value: number, [low, high]: Ends): number {
  const share = (value - low) / (high - low);
  return Number.isFinite(share) ? Math.round(255 * Math.min(1, Math.max(0, share))) : 0;
}
