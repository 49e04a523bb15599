import type { ImageSize } from "../../tensor/mod.ts";

/** A grey image: 8 bits a pixel, row-major [height, width], 0 black and 255 white. */
export interface GreyImage extends ImageSize {
  readonly values: Uint8Array;
}

/**
 * Pixels of a picture, at most: 4096 × 4096, more than a telephone's 12 megapixels. Decoding 4000 × 4000
 * was measured to take 0.8 GB as a progressive JPEG, and half of that otherwise.
 */
export const MOST_PIXELS = 2 ** 24;

/** Sides of an image of a data set, at most. */
export const LONGEST_SIDE = 1024;

/** Checks the size that a picture's header declares, before anything is allocated for its pixels. */
export function expectSize({ height, width }: ImageSize, origin: string): void {
  if (height > 0 && width > 0 && height * width <= MOST_PIXELS) return;
  throw new RangeError(
    `Cannot read "${origin}": expected a picture of 1 to ${MOST_PIXELS} pixels: received ` +
      `${width} × ${height}${height * width > MOST_PIXELS ? ": make it smaller" : ""}`,
  );
}
