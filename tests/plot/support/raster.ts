/**
 * Pictures as pixels.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { deflateSync, inflateSync } from "node:zlib";
import { crc32 } from "../../../lib/plot/png.ts";

/** Pixels as red, green and blue: row-major [height, width, 3]. */
export interface Raster {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** 0 to 255 each. */
  readonly pixels: Uint8Array;
}

/** Reads a PNG of opaque pixels of 8 bits a channel, with or without a channel of opacity. */
export function readPng(png: Uint8Array): Raster {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, type, ...methods] = png.subarray(24, 29);
  assertEquals([depth, ...methods], [8, 0, 0, 0]);
  const channels = { 2: 3, 6: 4 }[type];
  assert(channels !== undefined, `expected colours: received type ${type}`);
  const lines = new Uint8Array(inflateSync(join(dataOf(png, view))));
  unfilter(lines, width * channels, channels);
  return { width, height, pixels: coloursOf(lines, { width, height, channels }) };
}

/** Writes a PNG, small: lines without filters, which suit drawings, compressed as well as zlib can. */
export function writePng({ width, height, pixels }: Raster): Uint8Array {
  const stride = 3 * width;
  const lines = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  return join([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", Uint8Array.of(...word(width), ...word(height), 8, 2, 0, 0, 0)),
    chunk("IDAT", new Uint8Array(deflateSync(lines, { level: 9 }))),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = join([new TextEncoder().encode(name), data]);
  return join([word(data.length), body, word(crc32(body))]);
}

/** A 32-bit number, the highest byte first. */
function word(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** The parts of the compressed data. */
function dataOf(png: Uint8Array, view: DataView): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 8; at < png.length; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (name === "IDAT") parts.push(png.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  return parts;
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Turns lines with a filter each into plain ones, in place (PNG, 3rd ed. 2023, section 9.2). */
function unfilter(lines: Uint8Array, stride: number, channels: number): void {
  for (let start = 0; start < lines.length; start += stride + 1) {
    const filter = lines[start];
    for (let x = 1; x <= stride; x++) {
      const at = start + x;
      const left = x <= channels ? 0 : lines[at - channels];
      const up = start === 0 ? 0 : lines[at - stride - 1];
      const corner = x <= channels || start === 0 ? 0 : lines[at - stride - 1 - channels];
      lines[at] = lines[at] + guess(filter, left, up, corner);
    }
  }
}

function guess(filter: number | undefined, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    default:
      return paeth(left, up, corner);
  }
}

/** The neighbour that is nearest to left + up − corner (PNG, section 9.4). */
function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** The colours of plain lines, which start with the number of their filter. */
function coloursOf(
  lines: Uint8Array,
  { width, height, channels }: Readonly<Record<"width" | "height" | "channels", number>>,
): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  for (let y = 0, at = 0, from = 0; y < height; y++) {
    from++;
    for (let x = 0; x < width; x++, at += 3, from += channels) {
      for (let c = 0; c < 3; c++) pixels[at + c] = lines[from + c];
      if (channels === 4) assert(lines[from + 3] === 255, `not opaque: ${x}, ${y}`);
    }
  }
  return pixels;
}

/** Side of the squares in which pictures are compared: smoothing of edges is no difference there. */
const SQUARE = 8;

/** Largest difference of a channel's mean over a square, of 255. */
const NEAR = 64;

/**
 * The share of the squares in which two pictures differ to who looks at them from afar: in colours and
 * shapes, not in how edges and letters are smoothed. Compared is what both have.
 */
export function differingShare(one: Raster, other: Raster): number {
  const width = Math.min(one.width, other.width) - SQUARE;
  const height = Math.min(one.height, other.height) - SQUARE;
  let [squares, differing] = [0, 0];
  for (let y = 0; y <= height; y += SQUARE) {
    for (let x = 0; x <= width; x += SQUARE) {
      const [means, others] = [meanOfSquare(one, x, y), meanOfSquare(other, x, y)];
      const distances = means.map((mean, channel) => Math.abs(mean - others[channel]));
      squares++;
      if (Math.max(...distances) > NEAR) differing++;
    }
  }
  return differing / squares;
}

function meanOfSquare({ width, pixels }: Raster, left: number, top: number): readonly number[] {
  const sums = [0, 0, 0];
  for (let y = top; y < top + SQUARE; y++) {
    const start = 3 * (y * width + left);
    for (let at = 0; at < 3 * SQUARE; at++) {
      sums[at % 3] = sums[at % 3] + pixels[start + at];
    }
  }
  return sums.map((sum) => sum / SQUARE ** 2);
}
