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
 * Returns the length [px] at which an image's longer side is drawn: a whole multiple of its number of pixels if
 * possible.
 *
 * @param most largest length [px]
 */
export function imageSide(image: Pick<Image, "width" | "height">, most = LARGEST_SIDE): number {
  return pixelAlignedSide(image, most);
}

/**
 * Returns the sample of an explanation as an image; undefined if its features are not an image.
 *
 * @param raw features before scaling that are drawn in place of the sample's own
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
 * Divides scaled features by the scale of the normalization, which gives raw features. A feature whose scale is
 * 0 gets the value of the sample.
 *
 * @param scaled raw features times the scale of the normalization [features]
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
 * Sums the channels of each pixel of an image [height, width, channels]: [height, width].
 *
 * @param features a value for each feature, row-major
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
