import type { Image } from "deno-plot-svg";
import {
  galleryImages,
  type ImageShape,
  imageShape,
  pixelAlignedSide,
} from "../../report/images.ts";
import type { Subject } from "./sample.ts";

/** Largest length of an image's longer side on the page [px]. */
const LARGEST_SIDE = 252;

/**
 * Returns the drawn length [px] of an image's longer side, a whole multiple of its number of pixels if
 * possible.
 */
export function imageSide(image: Pick<Image, "width" | "height">, most = LARGEST_SIDE): number {
  return pixelAlignedSide(image, most);
}

/**
 * Returns a sample as an image. Returns undefined if its features are not an image.
 *
 * @param raw features before scaling, to be drawn in place of the sample's own
 */
export function sampleImage(
  { model: { shape }, sample: { values: own }, split, row }: Subject,
  raw?: Float32Array<ArrayBuffer>,
): Image | undefined {
  const image = imageShape(shape);
  if (image === undefined) return undefined;
  const values = raw === undefined
    ? own.slice()
    : own instanceof Uint8Array
    ? Uint8Array.from(raw, (value) => Math.round(value))
    : raw;
  const rows = Uint32Array.of(row);
  return galleryImages({ split, rows, shape, values }, image).get(row);
}

/**
 * Converts scaled features, as a network receives them, to the units of the data set. A feature whose scale
 * is 0 cannot be converted and has the value of the sample.
 */
export function unscaleFeatures(
  { model: { normalization: { scale } }, sample: { values } }: Subject,
  scaled: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  return scaled.map((value, feature) => {
    const factor = typeof scale === "number" ? scale : scale[feature];
    return factor === 0 ? values[feature] : value / factor;
  });
}

/**
 * Returns the sum of an image's values over the channels of each pixel [height, width].
 *
 * @param features one value for each feature [height, width, channels]
 */
export function sumChannels(
  features: Float32Array<ArrayBuffer>,
  { height, width, channels }: ImageShape,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: height * width }, (_, pixel) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) {
      sum += features[pixel * channels + channel];
    }
    return sum;
  });
}
