/**
 * The IDX file format, in which MNIST and similar data sets are published.
 *
 *   bytes 0 and 1   zero
 *   byte 2          element type: 08 u8, 09 i8, 0b i16, 0c i32, 0d f32, 0e f64
 *   byte 3          number of dimensions
 *   then            the size of each dimension, 32-bit unsigned, most significant byte first
 *   then            the elements, row-major, most significant byte first
 *
 * Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", section "The IDX file
 * format". Every length is checked against the header before anything is allocated.
 *
 * @module
 */
import { reverseByteOrder } from "./byte_order.ts";
import { concatenateBytes, type Content, LARGEST_FILE, readContent } from "./content.ts";
import { decompress, type StoredFile } from "./gzip.ts";
import { describeContent } from "./sniff.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** An array that is stored in an IDX file. */
export type Idx =
  | IdxOf<"u8", Uint8Array>
  | IdxOf<"i8", Int8Array>
  | IdxOf<"i16", Int16Array>
  | IdxOf<"i32", Int32Array>
  | IdxOf<"f32", Float32Array>
  | IdxOf<"f64", Float64Array>;

/** An array in an IDX file, with elements of one type. */
export interface IdxOf<Type extends string, Values> {
  /** Name of the element type. */
  readonly type: Type;
  /** Size of each dimension, of which there is at least one. */
  readonly shape: readonly number[];
  /** Elements, row-major. */
  readonly values: Values;
}

/** Name and number of bytes of each element type, by its code in the file. */
const ELEMENTS: ReadonlyMap<number, { readonly type: Idx["type"]; readonly size: number }> =
  new Map([
    [0x08, { type: "u8", size: 1 }],
    [0x09, { type: "i8", size: 1 }],
    [0x0b, { type: "i16", size: 2 }],
    [0x0c, { type: "i32", size: 4 }],
    [0x0d, { type: "f32", size: 4 }],
    [0x0e, { type: "f64", size: 8 }],
  ]);

/** Length of the longest header, with 255 dimensions (bytes). */
const LONGEST_HEADER = 4 + 4 * 255;

/** The header of an IDX file. */
interface Header {
  readonly type: Idx["type"];
  /** Number of bytes of each element. */
  readonly size: number;
  readonly shape: readonly number[];
  /** Number of bytes before the first element. */
  readonly start: number;
  /** Number of bytes that the whole file must have, by its type and shape. */
  readonly length: number;
}

/**
 * Decodes the array in an IDX file.
 *
 * 8-bit elements are a view of `bytes`. Other elements are copied.
 *
 * @param bytes content of the whole file, decompressed
 * @param origin name of the file in error messages
 * @throws {SyntaxError} if the bytes are not an IDX file, or fewer or more than the header states
 */
export function readIdx(bytes: Uint8Array, origin: string): Idx {
  const header = decodeHeader(bytes, origin);
  checkFileLength(header, bytes.length, origin);
  const { type, size, shape, start } = header;
  const body = bytes.subarray(start);
  if (type === "u8") return { type, shape, values: body };
  if (type === "i8") {
    return { type, shape, values: new Int8Array(body.buffer, body.byteOffset, body.length) };
  }
  const { buffer } = reverseByteOrder(body, size);
  if (type === "i16") return { type, shape, values: new Int16Array(buffer) };
  if (type === "i32") return { type, shape, values: new Int32Array(buffer) };
  if (type === "f32") return { type, shape, values: new Float32Array(buffer) };
  return { type, shape, values: new Float64Array(buffer) };
}

/**
 * Reads the bytes of an IDX file, compressed by gzip or not, into shared memory. {@linkcode readIdx}
 * decodes them. At most the number of bytes that the header states is decompressed. A file that is shorter
 * is not rejected here.
 *
 * @throws {SyntaxError} if the gzip is damaged, or the content is not an IDX file
 * @throws {RangeError} if the content is longer than the header states, or than 8 GiB
 */
export function unpackIdx(file: StoredFile): Promise<Content> {
  return readContent(file, LONGEST_HEADER, (start) => {
    const { length } = decodeHeader(start, file.origin);
    if (length <= LARGEST_FILE) return length;
    throw new RangeError(
      `Cannot read "${file.origin}": expected at most ${LARGEST_FILE} bytes: ` +
        `its header says ${length}`,
    );
  });
}

/**
 * Reads the element type and the shape of the array in an IDX file, compressed by gzip or not. Only the
 * header is read.
 *
 * @throws {SyntaxError} if the file is not an IDX file, or if it is not compressed and does not have the
 *     length that its header states
 */
export async function readIdxHeader(file: StoredFile): Promise<Pick<Idx, "type" | "shape">> {
  const { pieces, isCompressed } = await decompress(file);
  let start: Uint8Array = new Uint8Array();
  for await (const piece of pieces) {
    start = concatenateBytes([start, piece]);
    if (start.length >= LONGEST_HEADER) break;
  }
  const header = decodeHeader(start, file.origin);
  if (!isCompressed) checkFileLength(header, file.length, file.origin);
  const { type, shape } = header;
  return { type, shape };
}

/**
 * Encodes an array as the bytes of an IDX file, not compressed. It is the inverse of {@link readIdx}, and
 * writes no file.
 *
 * @throws {RangeError} if the format does not allow the shape, or the number of values does not fit the
 *     shape
 */
export function writeIdx({ type, shape, values }: Idx): Uint8Array<ArrayBuffer> {
  const count = sizeOf(shape);
  const fits = shape.length >= 1 && shape.length <= 255 &&
    shape.every((size) => Number.isInteger(size) && size >= 0 && size < 2 ** 32);
  if (!fits || count !== values.length) {
    throw new RangeError(
      `Cannot write IDX: expected 1 to 255 sizes below 2^32 with the product ${values.length}: ` +
        `received [${shape.join(", ")}]`,
    );
  }
  const start = 4 + 4 * shape.length;
  const bytes = new Uint8Array(start + values.byteLength);
  const header = new DataView(bytes.buffer);
  for (const [code, element] of ELEMENTS) if (element.type === type) bytes[2] = code;
  bytes[3] = shape.length;
  shape.forEach((size, dimension) => header.setUint32(4 + 4 * dimension, size));
  const elements = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  bytes.set(reverseByteOrder(elements, values.BYTES_PER_ELEMENT), start);
  return bytes;
}

/** Throws a SyntaxError if a file does not have the length that its header states. */
function checkFileLength({ type, shape, length }: Header, received: number, origin: string): void {
  if (received === length) return;
  throw new SyntaxError(
    `Cannot read "${origin}": expected ${length} bytes, as its header says (${type}, ` +
      `[${shape.join(", ")}]): received ${received}`,
  );
}

/**
 * Decodes the header of an IDX file from the first bytes of the file. Throws a SyntaxError if they are not
 * a whole header.
 */
function decodeHeader(bytes: Uint8Array, origin: string): Header {
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected an IDX file, which begins with two zero bytes: ` +
        `received ${describeContent(bytes)}`,
    );
  }
  const [, , code = 0, rank = 0] = bytes;
  const element = ELEMENTS.get(code);
  if (element === undefined) {
    const known = Array.from(ELEMENTS, ([code, { type }]) => `${formatByte(code)} (${type})`).join(
      ", ",
    );
    throw new SyntaxError(
      `Cannot read "${origin}": expected as its third byte an IDX element type, one of ${known}: ` +
        `received ${formatByte(code)}`,
    );
  }
  const start = 4 + 4 * rank;
  if (rank === 0 || bytes.length < start) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected ` +
        (rank === 0
          ? "at least 1 dimension: received 0"
          : `a header of ${start} bytes for ${rank} dimensions: received ${bytes.length} bytes`),
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, dimension) => view.getUint32(4 + 4 * dimension));
  // in f64, products above 2⁵³ are inexact but remain larger than any file
  const length = start + element.size * sizeOf(shape);
  if (!Number.isSafeInteger(length)) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected fewer than 2^53 bytes: its header says ${element.type}, ` +
        `[${shape.join(", ")}]`,
    );
  }
  return { ...element, shape, start, length };
}

/** Formats a byte in hexadecimal: `0x0d`. */
function formatByte(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
