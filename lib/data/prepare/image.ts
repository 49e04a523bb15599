import type { ImageSize } from "../../tensor/mod.ts";

/**
 * Writes to `out` what becomes of an image; both row-major [height, width], in memory that does not
 * overlap. The image is left as it is.
 */
export type ImageMap = (image: Uint8Array, out: Uint8Array) => void;

/** A preparation, made for images of a size. */
export type Preparer = (size: ImageSize) => ImageMap;

/**
 * Sums over the pixels of an image, v the value at column x and row y, both from 0. They are whole
 * numbers, so up to 2⁵³ they are exact.
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

export function momentsOf(image: Uint8Array, { height, width }: ImageSize): Moments {
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

/** A value from 0 to 255 as 8 bits: the nearest, halves upwards. */
export function to8Bits(value: number): number {
  return Math.floor(value + 0.5);
}
