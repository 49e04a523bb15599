import type { ImageSize } from "../../tensor/mod.ts";
import type { GreyImage } from "./size.ts";

/** The pixels of a picture as a decoder returns them. */
export interface Pixels extends ImageSize {
  /**
   * Number of values of a pixel: 1 for grey, 2 for grey and alpha, 3 for red, green and blue, 4 for these
   * and alpha.
   */
  readonly channels: number;
  /**
   * Number of bits of a value: 8 or 16; for grey also 1, 2 or 4, with several pixels of a row packed into a
   * byte.
   */
  readonly depth: number;
  /** Values [height, width, channels], row-major. */
  readonly data: ArrayLike<number>;
  /** Values of the pixels that count as transparent, if the picture declares a transparent colour. */
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
  const data = depth < 8 ? unpackSamples(pixels) : pixels.data;
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

/** Scales a value v of at most m to 8 bits: ⌊(255 v + m / 2) / m⌋. */
function scaleTo8Bits(value: number, largest: number): number {
  return largest === 255 ? value : Math.floor((510 * value + largest) / (2 * largest));
}

/** Returns whether the pixel at an offset has the transparent colour of the picture. */
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

/** Unpacks grey values of fewer than 8 bits. Returns one value in each byte. */
function unpackSamples({ height, width, depth, data }: Pixels): Uint8Array {
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
