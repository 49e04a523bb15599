/**
 * The interface of preparations, and the moments of images.
 *
 * @module
 */
import type { ImageSize } from "../../tensor/mod.ts";

/**
 * Function that transforms an image and writes the result to `out`. Both are pixels [height, width],
 * row-major, and must not overlap. The image itself is not changed.
 */
export type ImageMap = (image: Uint8Array, out: Uint8Array) => void;

/** Function that returns the transformation for images of a certain size. */
export type Preparer = (size: ImageSize) => ImageMap;

/**
 * Moments of an image: sums over its pixels, where v is the value of the pixel at column x and row y, both
 * counted from 0. The sums are integers and exact up to 2⁵³.
 */
interface Moments {
  /** Σ v */
  readonly mass: number;
  /** Σ v x */
  readonly x: number;
  /** Σ v y */
  readonly y: number;
  /** Σ v x y */
  readonly xy: number;
  /** Σ v y² */
  readonly yy: number;
}

/** Computes the moments of an image with pixels [height, width], row-major. */
export function computeMoments(image: Uint8Array, { height, width }: ImageSize): Moments {
  let [mass, x, y, xy, yy] = [0, 0, 0, 0, 0];
  for (let row = 0; row < height; row++) {
    let [rowMass, rowX] = [0, 0];
    for (let column = 0; column < width; column++) {
      const value = image[row * width + column];
      rowMass += value;
      rowX += value * column;
    }
    mass += rowMass;
    x += rowX;
    y += rowMass * row;
    xy += rowX * row;
    yy += rowMass * row * row;
  }
  return { mass, x, y, xy, yy };
}

/** Rounds a pixel value from 0 to 255 to the nearest integer. Halves are rounded up. */
export function roundTo8Bits(value: number): number {
  return Math.floor(value + 0.5);
}
