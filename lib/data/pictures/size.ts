import type { ImageSize } from "../../tensor/mod.ts";

/** A grey image with 8 bits per pixel. */
export interface GreyImage extends ImageSize {
  /** Pixels [height, width], row-major, from 0 for black to 255 for white. */
  readonly values: Uint8Array;
}

/**
 * Largest accepted number of pixels of a picture: 4096 × 4096, more than the 12 megapixels of a telephone.
 * Decoding a progressive JPEG of 4000 × 4000 pixels was measured to need 0.8 GB of memory, other pictures
 * half of that.
 */
export const MOST_PIXELS = 2 ** 24;

/** Largest height and width of an image of a data set (pixels). */
export const LONGEST_SIDE = 1024;

/**
 * Throws a RangeError if the size that the header of a picture states is 0 or too large. It is called
 * before memory is allocated for the pixels. `origin` is the name of the file.
 */
export function checkPictureSize({ height, width }: ImageSize, origin: string): void {
  if (height > 0 && width > 0 && height * width <= MOST_PIXELS) return;
  throw new RangeError(
    `Cannot read "${origin}": expected a picture of 1 to ${MOST_PIXELS} pixels: received ` +
      `${width} × ${height}${height * width > MOST_PIXELS ? ": make it smaller" : ""}`,
  );
}
