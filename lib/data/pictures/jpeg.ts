/**
 * Checks of JPEG files before they are decoded: the size, components, scans and end of the file.
 *
 *   file     FF D8, segments, FF D9
 *   segment  FF and a marker, its length with the two bytes of this, its content
 *   frame    FF C0, C1 or C2: bits, height, width, components with their sampling factors
 *   scan     FF DA, a segment, then coded data up to the next marker
 *
 * Source: ITU-T T.81 (1992), annex B. The decoder allocates memory for the size that the frame states, and
 * processes all blocks for each scan, so both are limited here.
 *
 * @module
 */
import type { ImageSize } from "../../tensor/mod.ts";
import { readOrientation } from "./orientation.ts";
import { checkPictureSize } from "./size.ts";

/** Properties in the header of a JPEG file. */
export interface JpegHeader extends ImageSize {
  /**
   * Whether the picture's three components are red, green and blue, and not luminance and colour
   * differences.
   */
  readonly isRgb: boolean;
  /** Orientation of the picture by Exif, from 1 to 8. It is 1, upright, if the file states none. */
  readonly orientation: number;
}

/**
 * Markers of the end of the file, of a scan, and of the segments with Exif data and with Adobe's colour
 * transform.
 */
const [END, SCAN, EXIF, ADOBE] = [0xd9, 0xda, 0xe1, 0xee] as const;

/** Markers of frames with baseline, extended or progressive Huffman coding, which are supported. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2];

/** Markers of frames with lossless, hierarchical or arithmetic coding, which are not supported. */
const OTHER_FRAMES: readonly number[] = [
  0xc3,
  0xc5,
  0xc6,
  0xc7,
  0xc9,
  0xca,
  0xcb,
  0xcd,
  0xce,
  0xcf,
];

/** Largest accepted number of scans in a file. Encoders write about ten. */
const MOST_SCANS = 32;

/** Number of rows, and of columns, of a block of pixels that is coded together. */
const BLOCK = 8;

/**
 * A function that returns the error for a file that cannot be read. `received` is the end of the message,
 * after "received".
 */
type CreateError = (received: string) => SyntaxError;

/**
 * Reads the properties of a picture from the header of a JPEG file, and checks that the file is complete.
 * Does not decode the pixels.
 *
 * @param bytes content of the whole file
 * @param origin name of the file in error messages
 * @throws {SyntaxError} if the file is truncated or damaged, or uses a rare coding
 * @throws {RangeError} if the picture has too many pixels
 */
export function readJpegHeader(bytes: Uint8Array, origin: string): JpegHeader {
  const createError = (received: string) =>
    new SyntaxError(`Cannot read "${origin}": expected a whole JPEG: received ${received}`);
  const truncated = () => createError(`one that ends after ${bytes.length} bytes, before its end`);
  let frame: Frame | undefined;
  let adobe: number | undefined;
  let orientation: number | undefined;
  let scans = 0;
  for (let at = 2;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++; // fill bytes
    if (at + 2 > bytes.length) throw truncated();
    if (bytes[at] !== 0xff) throw createError(`a damaged one: no marker at byte ${at}`);
    const marker = bytes[at + 1];
    if (marker === END) break;
    const length = at + 4 <= bytes.length ? bytes[at + 2] << 8 | bytes[at + 3] : Infinity;
    const next = at + 2 + length;
    if (next > bytes.length) throw truncated();
    if (length < 2) throw createError(`a damaged one: a segment at byte ${at} without a length`);
    const content = bytes.subarray(at + 4, next);
    at = next;
    if (FRAMES.includes(marker)) {
      if (frame !== undefined) throw createError("one of two frames");
      frame = readFrame(content, origin, createError);
    }
    if (OTHER_FRAMES.includes(marker)) {
      throw createError(
        "one of lossless, hierarchical or arithmetic coding: save it in the usual one",
      );
    }
    if (marker === EXIF) orientation ??= readOrientation(content);
    if (marker === ADOBE && isAdobeSegment(content)) adobe = content[11];
    if (marker !== SCAN) continue;
    const components = content[0];
    if (frame === undefined || components < 1 || components > frame.components) {
      throw createError("a damaged one: a scan of no components of the frame");
    }
    if (++scans > MOST_SCANS) throw createError(`one of more than ${MOST_SCANS} scans`);
    at = findEndOfScan(bytes, at);
  }
  if (frame === undefined || scans === 0) throw createError("one without pixels");
  const { height, width, blocks, components, ids } = frame;
  // each block has a code of at least 1 bit
  if (blocks > 8 * bytes.length) throw truncated();
  const isRgb = components === 3 && (adobe === 0 || (adobe === undefined && ids === "RGB"));
  return { height, width, isRgb, orientation: orientation ?? 1 };
}

/** The frame of a JPEG file: the size of the picture and its components. */
interface Frame extends ImageSize {
  /** Number of components, such as luminance and the two colour differences. */
  readonly components: number;
  /** Number of blocks of all components together. */
  readonly blocks: number;
  /** Identifiers of the components, each as the character with its code. */
  readonly ids: string;
}

/**
 * Decodes and checks the content of the frame segment of a JPEG file. Throws a SyntaxError if it is damaged
 * or not supported, and a RangeError if the picture has too many pixels.
 */
function readFrame(content: Uint8Array, origin: string, createError: CreateError): Frame {
  const [bits, high, low, left, right, components] = content;
  const [height, width] = [high << 8 | low, left << 8 | right];
  if (content.length < 6 || ![1, 3, 4].includes(components)) {
    throw createError(`one of ${content.length < 6 ? "no" : components} components`);
  }
  if (bits !== 8) throw createError(`one of ${bits} bits a sample: save it with 8`);
  if (content.length !== 6 + 3 * components) {
    throw createError("a damaged one: a frame of another length");
  }
  checkPictureSize({ height, width }, origin);
  const listed = Array.from(
    { length: components },
    (_, index) => content.subarray(6 + 3 * index, 9 + 3 * index),
  );
  const factors = listed.map(([, factor]) => [factor >> 4, factor & 15] as const);
  if (factors.flat().some((factor) => factor < 1 || factor > 4)) {
    throw createError("a damaged one: sampling factors that are not 1 to 4");
  }
  const ids = String.fromCharCode(...listed.map(([id]) => id));
  if (new Set(ids).size < components) {
    throw createError("a damaged one: two components of one name");
  }
  const most = (axis: 0 | 1) => Math.max(...factors.map((each) => each[axis]));
  const [mostAcross, mostDown] = [most(0), most(1)];
  const blocks = factors.reduce(
    (sum, [across, down]) =>
      sum + Math.ceil(width * across / mostAcross / BLOCK) *
        Math.ceil(height * down / mostDown / BLOCK),
    0,
  );
  return { height, width, components, blocks, ids };
}

/**
 * Returns whether the content of a segment is the one that Adobe defined, which states the colour transform
 * of the picture.
 */
function isAdobeSegment(content: Uint8Array): boolean {
  return String.fromCharCode(...content.subarray(0, 5)) === "Adobe" && content.length >= 12;
}

/**
 * Returns the offset in bytes of the first marker after `from` that ends the coded data of a scan, or the
 * length of the file if there is none. Restart markers within the data are skipped.
 */
function findEndOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}
