/**
 * The .npy file format, in which NumPy stores an array of numbers.
 *
 *   bytes 0 to 5    93 "NUMPY"
 *   bytes 6 and 7   version of the format: 1, 2 or 3; and 0
 *   then            length of the header, 16-bit in version 1, else 32-bit, least byte first
 *   then            the header, a dictionary in Python's syntax:
 *                   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 *   then            the elements, row-major, or column-major if `fortran_order` says so
 *
 * Source: NEP 1, "A simple file format for NumPy arrays", and numpy.lib.format, whose version 3 only
 * changes the header's encoding. Arrays of Python objects are pickles, which are programs and are never
 * opened.
 *
 * @module
 */
import { reverseByteOrder } from "./byte_order.ts";
import { type Content, readContent } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { describeContent } from "./sniff.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** An array that is stored in a .npy file. */
export interface Npy {
  /**
   * Element type: a letter for the kind and the number of bits, as in `u8`, `i64`, `f32`. Booleans are
   * `b8`, with values 0 and 1.
   */
  readonly type: string;
  /** Length of each axis; `[]` for a single number. */
  readonly shape: readonly number[];
  /**
   * Elements, row-major. 64-bit integers are converted to f64, and 16-bit floating-point numbers to f32.
   */
  readonly values:
    | Uint8Array
    | Int8Array
    | Uint16Array
    | Int16Array
    | Uint32Array
    | Int32Array
    | Float32Array
    | Float64Array;
}

/** Bytes with which a .npy file begins: 93 "NUMPY". */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Length of the longest accepted header in bytes. Headers of arrays of numbers have some hundred bytes. */
const LONGEST_HEADER = 2 ** 16;

/** Largest number of axes of an array, as in NumPy 2. */
const MOST_AXES = 64;

/** The header of a .npy file. */
interface Header {
  /** Element type as the header has it, for example `<f8`. */
  readonly descr: string;
  /** NumPy's letter for the kind of element: b, i, u or f. Empty if the elements are not numbers. */
  readonly kind: string;
  /** Number of bytes of each element. */
  readonly size: number;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Number of bytes before the first element. */
  readonly start: number;
  /** Number of bytes that the whole file must have, by its type and shape. */
  readonly length: number;
}

/**
 * Functions that convert little-endian bytes to numbers. A key is NumPy's letter for the kind of element
 * and its number of bytes, for example "f4".
 */
const ELEMENTS: ReadonlyMap<string, (buffer: ArrayBuffer) => Npy["values"]> = new Map<
  string,
  (buffer: ArrayBuffer) => Npy["values"]
>([
  ["b1", (buffer) => new Uint8Array(buffer)],
  ["u1", (buffer) => new Uint8Array(buffer)],
  ["i1", (buffer) => new Int8Array(buffer)],
  ["u2", (buffer) => new Uint16Array(buffer)],
  ["i2", (buffer) => new Int16Array(buffer)],
  ["u4", (buffer) => new Uint32Array(buffer)],
  ["i4", (buffer) => new Int32Array(buffer)],
  ["u8", (buffer) => Float64Array.from(new BigUint64Array(buffer), Number)],
  ["i8", (buffer) => Float64Array.from(new BigInt64Array(buffer), Number)],
  ["f2", (buffer) => Float32Array.from(new Float16Array(buffer))],
  ["f4", (buffer) => new Float32Array(buffer)],
  ["f8", (buffer) => new Float64Array(buffer)],
]);

/**
 * Decodes the array in a .npy file. The elements are copied.
 *
 * @param bytes content of the whole file
 * @param origin name of the file in error messages, with the name of the array if the file has several
 * @throws {SyntaxError} if the bytes are not a .npy file, or fewer or more than the header states
 * @throws {TypeError} if the elements are not numbers
 */
export function readNpy(bytes: Uint8Array, origin: string): Npy {
  const { descr, kind, size, isBigEndian, isFortran, shape, start, length } = decodeHeader(
    bytes,
    origin,
  );
  const elements = ELEMENTS.get(`${kind}${size}`);
  if (elements === undefined) throw nonNumericError(descr, origin);
  if (bytes.length !== length) {
    throw new SyntaxError(
      `Cannot read "${origin}": expected ${length} bytes, as its header says ('${descr}', ` +
        `[${shape.join(", ")}]): received ${bytes.length}`,
    );
  }
  const body = bytes.subarray(start);
  const { buffer } = isBigEndian ? reverseByteOrder(body, size) : new Uint8Array(body);
  const values = elements(buffer);
  return {
    type: `${kind}${8 * size}`,
    shape,
    values: isFortran ? toRowMajor(values, shape) : values,
  };
}

/**
 * Decodes the element type and the shape of the array in a .npy file from the first bytes of the file.
 *
 * @param bytes at least the header of the file
 * @param origin name of the file in error messages
 * @throws {SyntaxError} if the bytes do not begin with a whole header
 * @throws {TypeError} if the elements are not numbers
 */
export function readNpyHeader(bytes: Uint8Array, origin: string): Pick<Npy, "type" | "shape"> {
  const { descr, kind, size, shape } = decodeHeader(bytes, origin);
  if (!ELEMENTS.has(`${kind}${size}`)) throw nonNumericError(descr, origin);
  return { type: `${kind}${8 * size}`, shape };
}

/**
 * Reads the bytes of a .npy file, compressed by gzip or not, into shared memory. {@linkcode readNpy}
 * decodes them. At most the number of bytes that the header states is decompressed.
 *
 * @throws {SyntaxError} if the gzip is damaged, or the content is not a .npy file
 * @throws {RangeError} if the content is longer than the header states, or than 8 GiB
 */
export function readNpyBytes(file: StoredFile): Promise<Content> {
  return readContent(file, LONGEST_HEADER + 12, (start) => decodeHeader(start, file.origin).length);
}

/**
 * Decodes the header of a .npy file from the first bytes of the file. Throws a SyntaxError if they are not
 * a whole header, and a TypeError if the elements are records.
 */
function decodeHeader(bytes: Uint8Array, origin: string): Header {
  const wrong = (expected: string, received: string) =>
    new SyntaxError(`Cannot read "${origin}": expected ${expected}: received ${received}`);
  if (!isNpy(bytes) || bytes.length < 12) {
    throw wrong(
      "a .npy file, which begins with the bytes 93 4e 55 4d 50 59 and a header",
      isNpy(bytes) ? `${bytes.length} bytes of one` : describeContent(bytes),
    );
  }
  const [major = 0, minor] = bytes.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0) {
    throw wrong("version 1.0, 2.0 or 3.0 of the .npy format", `version ${major}.${minor}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [begin, length] = major === 1
    ? [10, view.getUint16(8, true)]
    : [12, view.getUint32(8, true)];
  if (length > LONGEST_HEADER || begin + length > bytes.length) {
    const most = Math.min(LONGEST_HEADER, bytes.length - begin);
    throw wrong(`a header of at most ${most} bytes`, `one of ${length}`);
  }
  const start = begin + length;
  // a copy, since TextDecoder rejects shared memory
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.slice(begin, start));
  const [, , descr] = /['"]descr['"]\s*:\s*(['"])(.*?)\1/.exec(text) ?? [];
  const [, fortran] = /['"]fortran_order['"]\s*:\s*(True|False)\b/.exec(text) ?? [];
  const [, axes] = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/.exec(text) ?? [];
  if (/['"]descr['"]\s*:\s*\[/.test(text)) throw nonNumericError("[", origin);
  if (descr === undefined || fortran === undefined || axes === undefined) {
    throw wrong("a header with 'descr', 'fortran_order' and 'shape'", JSON.stringify(text.trim()));
  }
  const shape = axes.split(",").filter((axis) => axis.trim() !== "").map((axis) =>
    Number.parseInt(axis, 10)
  );
  if (shape.length > MOST_AXES) throw wrong(`at most ${MOST_AXES} axes`, `${shape.length}`);
  const [, order, kind = "", size = ""] = /^([<>|=]?)([biuf])(\d)$/.exec(descr) ?? [];
  return {
    descr,
    kind,
    shape,
    start,
    size: Number(size),
    isBigEndian: order === ">",
    isFortran: fortran === "True",
    // in f64, products above 2⁵³ are inexact but remain larger than any file
    length: start + Number(size) * sizeOf(shape),
  };
}

/** Returns whether bytes begin with the signature of a .npy file. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Returns the error for an array whose elements are not numbers. `descr` is the element type in the header,
 * or "[" for records.
 */
function nonNumericError(descr: string, origin: string): TypeError {
  const received = /O/.test(descr)
    ? "Python objects, which are pickled: no pickle is opened"
    : /^[<>|=]?[SU]/.test(descr)
    ? `texts ('${descr}'): keep labels as integers, and give their names as "classes"`
    : descr === "["
    ? "records of several fields"
    : /^[<>|=]?c/.test(descr)
    ? `complex numbers ('${descr}')`
    : `'${descr}'`;
  return new TypeError(
    `Cannot read "${origin}": expected an array of integers or real numbers: received ${received}`,
  );
}

/** Returns a copy of column-major elements in row-major order. */
function toRowMajor(values: Npy["values"], shape: readonly number[]): Npy["values"] {
  const ordered = values.slice();
  const place = shape.map(() => 0); // indices of the element
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  let from = 0;
  for (let to = 0; to < ordered.length; to++) {
    ordered[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [next, stride] = [place[axis] + 1, strides[axis]];
      if (next < shape[axis]) {
        place[axis] = next;
        from += stride;
        break;
      }
      place[axis] = 0;
      from -= (next - 1) * stride;
    }
  }
  return ordered;
}
