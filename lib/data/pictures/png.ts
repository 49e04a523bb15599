/**
 * Checks of PNG files before they are decoded: the header, chunks, checksums and number of pixels.
 *
 *   signature  89 "PNG" 0d 0a 1a 0a
 *   chunk      length of the content, type, content, CRC-32 of type and content
 *   chunks     IHDR (size, depth, colourType), PLTE and tRNS if there are any, IDAT …, IEND; others are skipped
 *
 * Source: W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5 and 11. The decoder
 * decompresses data of any length, so it receives only chunks whose length was checked here.
 *
 * @module
 */
import { crc32, inflateSync } from "node:zlib";
import { concatenateBytes } from "../formats/content.ts";
import { MOST_GROWTH } from "../formats/gzip.ts";
import { checkPictureSize } from "./size.ts";
import type { ImageSize } from "../../tensor/mod.ts";

/** Number of bytes of the signature. */
const SIGNATURE = 8;

/**
 * Number of values of a pixel by the colour type of the header: grey, RGB, palette, grey with alpha, RGB
 * with alpha.
 */
const CHANNELS: ReadonlyMap<number, number> = new Map([[0, 1], [2, 3], [3, 1], [4, 2], [6, 4]]);

/** Colour type whose values are indices into a palette. */
const PALETTE = 3;

/** Possible numbers of bits of a value, by the colour type of the header (section 11.2.1, table 11.1). */
const DEPTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [PALETTE, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

/**
 * First column, first row, distance of columns and distance of rows of each of the seven passes of Adam7
 * interlacing.
 */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Number of bytes of a chunk besides its content, and number of bytes of the header chunk's content.
 */
const [FRAME, HEADER] = [12, 13] as const;

/** A chunk of a PNG file. */
interface Chunk {
  /** Type of the chunk, four letters, such as "IDAT". */
  readonly type: string;
  readonly content: Uint8Array;
  /** All bytes of the chunk, including its length, type and checksum. */
  readonly bytes: Uint8Array;
}

/** The header of a PNG file. */
interface Header extends ImageSize {
  /** Number of bits of a pixel. */
  readonly bits: number;
  /** Colour type, a key of `CHANNELS`. */
  readonly colourType: number;
  /** Whether the pixels are stored in the seven passes of Adam7. */
  readonly isInterlaced: boolean;
}

/**
 * Checks that a PNG file is complete, and that it has as many pixels as its header states. Returns a copy
 * of the file without the chunks that do not determine the pixels.
 *
 * @param bytes content of the whole file
 * @param origin name of the file in error messages
 * @throws {SyntaxError} if the file is truncated or damaged
 * @throws {RangeError} if the picture has too many pixels, or is interlaced with fewer than 8 bits per
 *     value
 */
export function validatePng(bytes: Uint8Array, origin: string): Uint8Array<ArrayBuffer> {
  const createError = (received: string) =>
    new SyntaxError(`Cannot read "${origin}": expected a whole PNG: received ${received}`);
  const [first, ...others] = readChunks(bytes, origin, createError);
  const header = decodeHeader(first, origin, createError);
  const palettes = others.filter(({ type }) => type === "PLTE").length;
  if (header.colourType === PALETTE && palettes !== 1) {
    throw createError(`one of ${palettes} palettes`);
  }
  const isKept = ({ type }: Chunk) =>
    type === "IDAT" || type === "IEND" || type === "tRNS" ||
    (type === "PLTE" && header.colourType === PALETTE);
  const packed = concatenateBytes(
    others.flatMap(({ type, content }) => type === "IDAT" ? [content] : []),
  );
  checkPixelBytes(packed, countPixelBytes(header), createError);
  return concatenateBytes([
    bytes.subarray(0, SIGNATURE),
    first.bytes,
    ...others.filter(isKept).map(({ bytes }) => bytes),
  ]);
}

/**
 * A function that returns the error for a file that cannot be read. `received` is the end of the message,
 * after "received".
 */
type CreateError = (received: string) => SyntaxError;

/**
 * Returns the chunks of a PNG file that determine its pixels, beginning with the header, and verifies their
 * checksums. Throws a SyntaxError if the file is damaged, or has a critical chunk of an unknown type.
 */
function readChunks(
  bytes: Uint8Array,
  origin: string,
  createError: CreateError,
): readonly [Chunk, ...Chunk[]] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [];
  for (let at: number = SIGNATURE; chunks.at(-1)?.type !== "IEND";) {
    const length = at + FRAME <= bytes.length ? view.getUint32(at) : Infinity;
    const end = at + FRAME + length;
    if (end > bytes.length) {
      throw createError(`one that ends after ${bytes.length} bytes, in a chunk`);
    }
    const named = bytes.subarray(at + 4, end - 4);
    const type = String.fromCharCode(...named.subarray(0, 4));
    const isCritical = (named[0] & 0x20) === 0 || type === "tRNS";
    if (isCritical && crc32(named) !== view.getUint32(end - 4)) {
      throw createError(`a damaged one: the checksum of a chunk at byte ${at} is another`);
    }
    if (isCritical) {
      chunks.push({ type, content: named.subarray(4), bytes: bytes.subarray(at, end) });
    }
    if (chunks[0]?.type !== "IHDR") throw createError("one without a header");
    at = end;
  }
  const [first, ...others] = chunks;
  const unknown = others.find(({ type }) => !["PLTE", "tRNS", "IDAT", "IEND"].includes(type));
  if (unknown !== undefined) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected one header, palette and pixels as the chunks of a PNG: ` +
        `received another that no decoder may skip`,
    );
  }
  return [first, ...others];
}

/** Decodes and checks the header chunk of a PNG file. */
function decodeHeader({ content }: Chunk, origin: string, createError: CreateError): Header {
  if (content.length !== HEADER) throw createError(`a header of ${content.length} bytes`);
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colourType, compression, filter, interlace] = content.subarray(8);
  const channels = CHANNELS.get(colourType);
  if (channels === undefined || !DEPTHS.get(colourType)?.includes(depth)) {
    throw createError(`one with ${depth} bits of colour type ${colourType}`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw createError(
      `one of compression ${compression}, filter ${filter}, interlacing ${interlace}`,
    );
  }
  checkPictureSize({ height, width }, origin);
  const isInterlaced = interlace === 1;
  if (isInterlaced && depth < 8) {
    // the decoder reads a byte for each pixel of a pass
    throw new RangeError(
      `Cannot read "${origin}": expected no interlacing at fewer than 8 bits a sample: received ` +
        `${depth} bits: save it without interlacing`,
    );
  }
  return { height, width, bits: depth * channels, colourType, isInterlaced };
}

/**
 * Returns the number of bytes of all pixels after decompression. It includes one byte for each row, which
 * states the filter of the row.
 */
function countPixelBytes({ height, width, bits, isInterlaced }: Header): number {
  const bytesOf = (columns: number, rows: number) =>
    columns > 0 && rows > 0 ? rows * (1 + Math.ceil(columns * bits / 8)) : 0;
  if (!isInterlaced) return bytesOf(width, height);
  return PASSES.reduce(
    (sum, [x, y, right, down]) =>
      sum + bytesOf(Math.ceil((width - x) / right), Math.ceil((height - y) / down)),
    0,
  );
}

/** Throws a SyntaxError if compressed pixels do not decompress to exactly `length` bytes. */
function checkPixelBytes(packed: Uint8Array, length: number, createError: CreateError): void {
  const text = `of the ${length} bytes of pixels that its header says`;
  if (length > MOST_GROWTH * packed.length) throw createError(`a truncated one: not all ${text}`);
  let received: number;
  try {
    received = inflateSync(packed, { maxOutputLength: length }).length;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE") throw createError(`one with more than ${text.slice(3)}`);
    throw createError(
      code === "Z_BUF_ERROR" ? `a truncated one: not all ${text}` : "damaged pixels",
    );
  }
  if (received < length) throw createError(`a truncated one: ${received} ${text}`);
}
