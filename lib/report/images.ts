import { extent, type Image } from "deno-plot-svg";
import type { Gallery } from "../run/record.ts";

/** Shape of samples that are images. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  /** 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
}

/**
 * Interprets the shape of a sample as the shape of an image, if it is [height, width], [height, width, 1] or
 * [height, width, 3] with at least 2 pixels on each side. Returns undefined for other shapes.
 */
export function imageShape(shape: readonly number[]): ImageShape | undefined {
  const [height = 0, width = 0, channels = 1] = shape;
  if (shape.length < 2 || shape.length > 3 || height < 2 || width < 2) return undefined;
  return channels === 1 || channels === 3 ? { height, width, channels } : undefined;
}

/**
 * Returns the drawn length [px] of an image's longer side: a whole multiple of its pixels, so that they stay
 * square, or `maxSide` for a larger image.
 *
 * @param maxSide largest length [px]
 */
export function pixelAlignedSide(
  { width, height }: Pick<Image, "width" | "height">,
  maxSide: number,
): number {
  const longer = Math.max(width, height);
  return longer > maxSide ? maxSide : Math.floor(maxSide / longer) * longer;
}

/** Returns the drawn size of a pixel [px] at {@linkcode pixelAlignedSide}: a whole number, or less than 1. */
export function pixelAlignedScale(image: Pick<Image, "width" | "height">, maxSide: number): number {
  return pixelAlignedSide(image, maxSide) / Math.max(image.width, image.height);
}

/**
 * Returns the images of a gallery's samples, by the row of the sample in its file.
 *
 * Values of type f32 are scaled so that the gallery's minimum is 0 and its maximum 255; non-finite values
 * become 0. Bytes are scaled only if all of the gallery are below 128, as for images of 16 greys. Their
 * maximum is then 255.
 */
export function galleryImages(gallery: Gallery, shape: ImageShape): ReadonlyMap<number, Image> {
  const size = shape.height * shape.width * shape.channels;
  const bytes = scaleToBytes(gallery.values);
  return new Map(
    Array.from(gallery.rows, (row, index) => {
      const pixels = bytes.subarray(index * size, (index + 1) * size);
      return [row, { ...shape, pixels }] as const;
    }),
  );
}

/** Scales values to bytes as {@linkcode galleryImages} describes. */
function scaleToBytes(values: Gallery["values"]): Uint8Array<ArrayBuffer> {
  if (values instanceof Uint8Array) {
    const most = values.reduce((a, b) => Math.max(a, b), 0);
    if (most === 0 || most >= 128) return values;
    return values.map((value) => Math.round((value * 255) / most));
  }
  const [low, high] = extent(values) ?? [0, 0];
  const scale = high === low ? 0 : 255 / (high - low);
  return Uint8Array.from(values, (value) => {
    return Number.isFinite(value) ? Math.round((value - low) * scale) : 0;
  });
}
