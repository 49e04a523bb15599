/**
 * The interface of preparations, and the moments of images.
 *
 * @module
 */
import type { ImageSize } from "../../tensor/mod.ts";

/**
 * Writes the transformed image to `out`. Both are row-major [height, width] and must not overlap; the
 * image is not changed.
 */
export type ImageMap = (image: Uint8Array, out: Uint8Array) => void;

/** Returns a preparation for images of a size. */
export type Preparer = (size: ImageSize) => ImageMap;

/**
 * Sums over the pixels of an image, where v is the value at column x and row y, both counted from 0.
 * They are whole numbers and exact up to 2⁵³.
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

/** Computes the moments of an image. */
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

/** Rounds a value from 0 to 255 to the nearest whole number, halves upwards. */
export function to8Bits(value: number): number {
  return Math.floor(value + 0.5);
}
