/**
 * Pictures, PNG or JPEG, as grey images.
 *
 * The decoders are loaded when the first picture is read, so that nothing else pays for them; their names
 * are not literals where they are imported, since Deno would fetch those for every command.
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
 * Returns a picture as a grey image.
 *
 * @param bytes the whole file
 * @param origin the file's name, for messages
 * @throws {SyntaxError} if it is not a picture, truncated or damaged
 * @throws {RangeError} if it has more pixels than are read
 */
export type ReadPicture = (bytes: Uint8Array, origin: string) => GreyImage;

/** Bytes of a file, at most: 64 MiB. */
export const LONGEST_PICTURE = 2 ** 26;

const [PNG, JPEG] = ["fast-png", "jpeg-js"] as const;

/** Memory that the decoder of JPEG may use by its own count, in MB: a picture of the most pixels needs 400. */
const MOST_MEMORY = 512;

let reader: Promise<ReadPicture> | undefined;

/** Loads the decoders, once a process. */
export function openPictureReader(): Promise<ReadPicture> {
  return reader ??= loadDecoders();
}

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

/** Returns what a decoder returns; whatever it throws says that the file is damaged. */
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
