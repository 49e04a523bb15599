/**
 * Decoding of pictures, PNG or JPEG, as grey images.
 *
 * The decoders are imported when the first picture is read, since most commands do not need them. Their
 * names are not literals in the imports, since Deno would fetch literal imports for every command.
 *
 * @module
 */
import type * as FastPng from "fast-png";
import type * as JpegJs from "jpeg-js";
import { describeContent } from "../formats/sniff.ts";
import { toGrey } from "./grey.ts";
import { readJpegHeader } from "./jpeg.ts";
import { applyOrientation } from "./orientation.ts";
import { validatePng } from "./png.ts";
import { type GreyImage, MOST_PIXELS } from "./size.ts";
import { isJpeg, isPng } from "./sniff.ts";

/**
 * Function that decodes a picture, PNG or JPEG, as a grey image.
 *
 * @param bytes content of the whole file
 * @param origin name of the file in error messages
 * @throws {SyntaxError} if the file is not a picture, or is truncated or damaged
 * @throws {RangeError} if the picture has too many pixels
 */
export type ReadPicture = (bytes: Uint8Array, origin: string) => GreyImage;

/** Largest accepted length of a picture file: 64 MiB. */
export const LONGEST_PICTURE = 2 ** 26;

/** Names of the packages that decode PNG and JPEG. */
const [PNG, JPEG] = ["fast-png", "jpeg-js"] as const;

/**
 * Memory in MB that the JPEG decoder may allocate, by its own estimate. The largest accepted picture needs
 * 400 MB.
 */
const MOST_MEMORY = 512;

/** The decoding function, once its loading has started. */
let reader: Promise<ReadPicture> | undefined;

/** Loads the decoders, once per process, and returns the function that decodes a picture. */
export function loadPictureReader(): Promise<ReadPicture> {
  return reader ??= loadDecoders();
}

/** Imports the decoders, and returns the function that decodes a picture with them. */
async function loadDecoders(): Promise<ReadPicture> {
  const png: typeof FastPng = await import(PNG);
  const { default: jpeg }: { readonly default: typeof JpegJs } = await import(JPEG);
  return (bytes, origin) => {
    if (isPng(bytes)) return readPng(bytes, origin, png);
    if (isJpeg(bytes)) return readJpeg(bytes, origin, jpeg);
    throw new SyntaxError(
      `Cannot read "${origin}": expected a picture, PNG or JPEG: received ${
        describeContent(bytes)
      }`,
    );
  };
}

/** Decodes a PNG file as a grey image. */
function readPng(bytes: Uint8Array, origin: string, png: typeof FastPng): GreyImage {
  const checked = validatePng(bytes, origin);
  return decodeOrThrow("PNG", origin, () => {
    const image = png.decode(checked);
    const { height, width, palette, transparency: transparent } = image;
    if (palette === undefined) return toGrey({ ...image, transparent });
    const data = png.convertIndexedToRgb(image);
    return toGrey({ height, width, channels: palette[0].length, depth: 8, data });
  });
}

/** Decodes a JPEG file as a grey image, upright. */
function readJpeg(bytes: Uint8Array, origin: string, jpeg: typeof JpegJs): GreyImage {
  const { height, width, isRgb, orientation } = readJpegHeader(bytes, origin);
  return decodeOrThrow("JPEG", origin, () => {
    const image = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      ...(isRgb ? { colorTransform: false } : {}),
      maxResolutionInMP: MOST_PIXELS / 1e6,
      maxMemoryUsageInMB: MOST_MEMORY,
    });
    if (image.height !== height || image.width !== width) throw new Error("another size");
    const grey = toGrey({ height, width, channels: 3, depth: 8, data: image.data });
    return applyOrientation(grey, orientation);
  });
}

/**
 * Calls `decode` and returns its image. An error that it throws is replaced by a SyntaxError for a damaged
 * file of that format.
 */
function decodeOrThrow(format: string, origin: string, decode: () => GreyImage): GreyImage {
  try {
    return decode();
  } catch (cause) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected a whole ${format}: received damaged pixels ` +
        `(${(cause as Error).message})`,
      { cause },
    );
  }
}
