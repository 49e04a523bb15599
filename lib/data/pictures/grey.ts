import type { ImageSize } from "../../tensor/mod.ts";
import type { GreyImage } from "./size.ts";

/** The pixels of a picture as a decoder returns them. */
export interface Pixels extends ImageSize {
  /**
   * Number of values per pixel: 1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for red,
   * green, blue and alpha.
   */
  readonly channels: number;
  /**
   * Number of bits per value: 8 or 16. A picture with 1 channel may also have 1, 2 or 4 bits; its values
   * are then packed into bytes, and each row starts with a new byte.
   */
  readonly depth: number;
  /** Values [height, width, channels], row-major, of `depth` bits each. */
  readonly data: ArrayLike<number>;
  /**
   * Values of the colour whose pixels are transparent, one for each channel, if the picture declares one.
   */
  readonly transparent?: ArrayLike<number> | undefined;
}

/**
 * Converts the pixels of a picture to a grey image. The arithmetic is in integers, so that results have the
 * same bits on every machine:
 *
 *     y = ⌊(299 r + 587 g + 114 b + 500) / 1000⌋
 *
 * The weights are those of luminance in Rec. ITU-R BT.601-7 (2011), applied to the values as they are
 * stored. Transparent pixels are put on a white background: v = ⌊(a v + (255 − a) 255 + 127) / 255⌋. Values
 * of other depths are scaled to 8 bits first, and rounded to the nearest.
 */
export function toGrey(pixels: Pixels): GreyImage {
  const { height, width, channels, depth, transparent } = pixels;
  const data = depth < 8 ? unpackGreyValues(pixels) : pixels.data;
  const count = height * width;
  const values = new Uint8Array(count);
  const hasAlpha = channels === 2 || channels === 4;
  const colours = hasAlpha ? channels - 1 : channels;
  const most = (1 << depth) - 1;
  for (let pixel = 0, at = 0; pixel < count; pixel++, at += channels) {
    const alpha = hasAlpha
      ? scaleTo8Bits(data[at + colours], most)
      : isTransparent(data, at, colours, transparent)
      ? 0
      : 255;
    const first = scaleTo8Bits(data[at], most);
    const grey = colours === 1 ? first : Math.floor(
      (299 * first + 587 * scaleTo8Bits(data[at + 1], most) +
        114 * scaleTo8Bits(data[at + 2], most) + 500) /
        1000,
    );
    values[pixel] = alpha === 255
      ? grey
      : Math.floor((alpha * grey + (255 - alpha) * 255 + 127) / 255);
  }
  return { height, width, values };
}

/**
 * Scales a value v from 0 to `largest` to the range from 0 to 255: ⌊(255 v + m / 2) / m⌋ with m =
 * `largest`.
 */
function scaleTo8Bits(value: number, largest: number): number {
  return largest === 255 ? value : Math.floor((510 * value + largest) / (2 * largest));
}

/**
 * Returns whether the pixel that starts at an offset in `data` has the transparent colour of the picture.
 * `colours` is the number of its values without alpha.
 */
function isTransparent(
  data: ArrayLike<number>,
  offset: number,
  colours: number,
  transparent: ArrayLike<number> | undefined,
): boolean {
  if (transparent === undefined) return false;
  for (let colour = 0; colour < colours; colour++) {
    if (data[offset + colour] !== transparent[colour]) return false;
  }
  return true;
}

/**
 * Unpacks grey values of fewer than 8 bits. Returns them [height, width], one in each byte, not scaled.
 */
function unpackGreyValues({ height, width, depth, data }: Pixels): Uint8Array {
  const bytesPerRow = Math.ceil(width * depth / 8);
  const samples = new Uint8Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth;
      const byte = data[row * bytesPerRow + (bit >> 3)];
      samples[row * width + column] = byte >> 8 - depth - (bit & 7) & (1 << depth) - 1;
    }
  }
  return samples;
}
