/**
 * Encodes PNG files whose bytes depend only on the pixels.
 *
 * Compressors differ between runtimes, so the data is not compressed: deflate's stored blocks (RFC
 * 1951, section 3.2.4) in a zlib stream (RFC 1950) in a PNG file (PNG specification, 3rd ed. 2023,
 * sections 5, 9 and 10). A digit of 28 × 28 pixels takes less than a kilobyte.
 *
 * @module
 */

/** An image with 8 bits for each channel of a pixel. */
export interface Image {
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Number of channels: 1 for grey, 3 for red, green and blue. */
  readonly channels: 1 | 3;
  /** Values of all pixels, row-major [height, width, channels]. */
  readonly pixels: Uint8Array<ArrayBuffer>;
  /**
   * Red, green and blue of up to 256 colours. If set, the image has 1 channel, whose values are indices of
   * colours.
   */
  readonly palette?: Uint8Array<ArrayBuffer>;
  /** Opacity of each colour of the palette, 0 to 255. Defaults to 255. */
  readonly opacities?: Uint8Array<ArrayBuffer>;
}

/** First bytes of every PNG file. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Colour types of a PNG file. */
const COLOUR_TYPE = { grey: 0, colour: 2, palette: 3 } as const;
/** Largest number of bytes in a stored block of deflate. */
const LARGEST_STORED_BLOCK = 0xffff;

/**
 * Encodes an image as a PNG file.
 *
 * @throws {TypeError} if there are not height × width × channels values, or none at all
 */
export function encodePng(image: Image): Uint8Array<ArrayBuffer> {
  const { width, height, channels, pixels, palette, opacities } = image;
  const stride = width * channels;
  if (stride * height !== pixels.length || pixels.length === 0) {
    throw new TypeError(
      `Cannot encode PNG: expected ${height} × ${width} × ${channels} values: ` +
        `received ${pixels.length}`,
    );
  }
  const lines = new Uint8Array(height * (stride + 1)); // each line starts with 0, "no filter"
  for (let y = 0; y < height; y++) {
    lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  const type = palette === undefined ? (channels === 1 ? "grey" : "colour") : "palette";
  const header = [
    ...bigEndianBytes(width),
    ...bigEndianBytes(height),
    8,
    COLOUR_TYPE[type],
    0,
    0,
    0,
  ];
  return concatenateBytes([
    SIGNATURE,
    pngChunk("IHDR", header),
    palette === undefined ? [] : pngChunk("PLTE", palette),
    opacities === undefined ? [] : pngChunk("tRNS", opacities),
    pngChunk("IDAT", zlibStored(lines)),
    pngChunk("IEND", []),
  ]);
}

/** Encodes an image as a PNG in a data URI, which other files can contain. */
export function pngDataUri(image: Image): string {
  let binary = "";
  for (const byte of encodePng(image)) binary += String.fromCharCode(byte);
  return `data:image/png;base64,${btoa(binary)}`;
}

/** Returns a zlib stream with uncompressed data, in stored blocks. */
export function zlibStored(data: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts: (readonly number[] | Uint8Array<ArrayBuffer>)[] = [[0x78, 0x01]];
  for (let start = 0; start === 0 || start < data.length; start += LARGEST_STORED_BLOCK) {
    const block = data.subarray(start, start + LARGEST_STORED_BLOCK);
    const final = start + block.length === data.length ? 1 : 0;
    const low = block.length & 0xff;
    const high = block.length >>> 8;
    parts.push([final, low, high, low ^ 0xff, high ^ 0xff], block);
  }
  return concatenateBytes([...parts, bigEndianBytes(adler32(data))]);
}

/** Computes the checksum CRC-32 of PNG and gzip (reflected polynomial 0xEDB88320), bit by bit. */
export function crc32(data: Uint8Array<ArrayBuffer>): number {
  let remainder = 0xffffffff;
  for (const byte of data) {
    remainder ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    }
  }
  return ~remainder >>> 0;
}

/**
 * Computes the checksum Adler-32 of zlib (RFC 1950, section 8.2): 1 plus the sum of the bytes, and the sum of
 * these partial sums, both modulo 65521.
 */
export function adler32(data: Uint8Array<ArrayBuffer>): number {
  let sum = 1;
  let sumOfSums = 0;
  for (const byte of data) {
    sum = (sum + byte) % 65521;
    sumOfSums = (sumOfSums + sum) % 65521;
  }
  return ((sumOfSums << 16) | sum) >>> 0;
}

/** Returns a chunk of a PNG file: length, name, data and CRC-32. */
function pngChunk(
  name: string,
  data: readonly number[] | Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const body = concatenateBytes([[...name].map((letter) => letter.charCodeAt(0)), data]);
  return concatenateBytes([bigEndianBytes(data.length), body, bigEndianBytes(crc32(body))]);
}

/** Returns the 4 bytes of a 32-bit number, the most significant first. */
function bigEndianBytes(value: number): readonly number[] {
  return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
}

/** Concatenates bytes. */
function concatenateBytes(
  parts: readonly (readonly number[] | Uint8Array<ArrayBuffer>)[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
