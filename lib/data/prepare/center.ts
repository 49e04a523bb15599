import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { ImageSize } from "../../tensor/mod.ts";
import { type ImageMap, momentsOf, type Preparer, to8Bits } from "./image.ts";

/** Options of {@link center}. */
export interface CenterOptions {
  /** Whether fractions of a pixel count too. */
  readonly interpolate?: boolean;
}

const options = z.strictObject({
  interpolate: z.boolean().default(false)
    .describe("whether fractions of a pixel count too, by bilinear interpolation"),
});

/**
 * Moves an image so that its centre of mass lies in the middle, as the digits of MNIST were placed in
 * their fields (LeCun, Bottou, Bengio, Haffner, 1998, section III):
 *
 *     y(r, c) = v(r + r̄ − ⌊height / 2⌋, c + c̄ − ⌊width / 2⌋),
 *     r̄ = Σ v r / Σ v,   c̄ = Σ v c / Σ v
 *
 * So the middle of 28 pixels is that of number 14, counted from 0, and not the edge between 13 and
 * 14: then all but 2 of MNIST's own 60,000 training images stay where they are.
 *
 * By whole pixels, which leaves an image that lies within half a pixel of the middle as it is, or
 * interpolated between four pixels. Outside an image values are 0; an empty one stays empty.
 */
export function center(overrides: CenterOptions = {}): Preparer {
  const { interpolate } = withDefaults(options, overrides);
  return (size) => (image, out) => {
    const { mass, x, y } = momentsOf(image, size);
    const down = mass === 0 ? 0 : y / mass - Math.floor(size.height / 2);
    const right = mass === 0 ? 0 : x / mass - Math.floor(size.width / 2);
    const move = interpolate
      ? between(size, down, right)
      : shifted(size, nearest(down), nearest(right));
    move(image, out);
  };
}

/** The nearest whole number, halves towards 0: half a pixel off the middle is near enough. */
function nearest(distance: number): number {
  return distance < 0 ? Math.floor(distance + 0.5) : Math.ceil(distance - 0.5);
}

/** Takes each pixel from so many rows further down and so many columns further to the right. */
function shifted({ height, width }: ImageSize, down: number, right: number): ImageMap {
  return (image, out) => {
    for (let row = 0; row < height; row++) {
      const from = row + down;
      const inside = from >= 0 && from < height;
      for (let column = 0; column < width; column++) {
        const at = column + right;
        const value = inside && at >= 0 && at < width ? image[from * width + at] : 0;
        out[row * width + column] = value;
      }
    }
  };
}

/** The same by fractions: the mean of four pixels, each weighted by its share. */
function between(size: ImageSize, down: number, right: number): ImageMap {
  const { height, width } = size;
  const [rows, columns] = [Math.floor(down), Math.floor(right)];
  const [v, u] = [down - rows, right - columns];
  return (image, out) => {
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [r, c] = [row + rows, column + columns];
        const above = (1 - u) * pixel(image, size, r, c) + u * pixel(image, size, r, c + 1);
        const below = (1 - u) * pixel(image, size, r + 1, c) + u * pixel(image, size, r + 1, c + 1);
        out[row * width + column] = to8Bits((1 - v) * above + v * below);
      }
    }
  };
}

/** The value of a pixel; 0 outside. */
function pixel(image: Uint8Array, { height, width }: ImageSize, row: number, column: number) {
  const inside = row >= 0 && row < height && column >= 0 && column < width;
  return inside ? image[row * width + column] : 0;
}

export const centerEntry: Entry<CenterOptions, Preparer> = entry({
  doc: "Moves images so that their centre of mass lies in the middle",
  options,
  create: center,
});
