/**
 * The .npy file format, in which NumPy stores an array.
 *
 *   bytes 0 to 5    93 "NUMPY"
 *   bytes 6 and 7   version of the format: 1, 2 or 3; and 0
 *   then            length of the header, 16-bit in version 1, else 32-bit, least byte first
 *   then            the header, a dictionary in Python's syntax:
 *                   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 *   then            the elements, row-major, or column-major if `fortran_order` says so
 *
 * Source: NEP 1, "A simple file format for NumPy arrays", and numpy.lib.format, whose version 3
 * only changes the header's encoding. Arrays of Python objects are pickles, which are programs and are
 * never opened.
 *
 * @module
 */
import { reverseByteOrder } from "./byte_order.ts";
import { type Content, readContent } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { describeContent } from "./sniff.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** An array in a .npy file. */
export interface Npy {
  /** Kind and bits of an element: `u8`, `i64`, `f32`; `b8` for booleans, which are 0 or 1. */
  readonly type: string;
  /** Length of each axis; `[]` for a single number. */
  readonly shape: readonly number[];
  /** Elements, row-major. 64-bit integers are f64, 16-bit floating-point numbers f32. */
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

/** 93 "NUMPY". */
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** Largest header in bytes; those of arrays of numbers have some hundred. */
const LONGEST_HEADER = 2 ** 16;

/** Largest number of axes, as in NumPy 2. */
const MOST_AXES = 64;

interface Header {
  readonly descr: string;
  /** NumPy's letter of the kind: b, i, u or f; empty if it is not a number. */
  readonly kind: string;
  /** Bytes per element. */
  readonly size: number;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly start: number;
  /** Bytes of the whole file. */
  readonly length: number;
}

/** Conversions of little-endian bytes to numbers, by NumPy's kind and the bytes per element. */
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
 * Decodes a .npy file into a copy.
 *
 * @param bytes the whole file
 * @param origin name of the file, and of an array in it, in messages
 * @throws {SyntaxError} if it is not such a file, or shorter or longer than its header states
 * @throws {TypeError} if its elements are not numbers
 */
export function readNpy(bytes: Uint8Array, origin: string): Npy {
  const { descr, kind, size, isBigEndian, isFortran, shape, start, length } = readHeader(
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
 * Decodes the header of a .npy file from its first bytes.
 *
 * @throws {SyntaxError} if it is not such a file
 * @throws {TypeError} if its elements are not numbers
 */
export function readNpyHeader(bytes: Uint8Array, origin: string): Pick<Npy, "type" | "shape"> {
  const { descr, kind, size, shape } = readHeader(bytes, origin);
  if (!ELEMENTS.has(`${kind}${size}`)) throw nonNumericError(descr, origin);
  return { type: `${kind}${8 * size}`, shape };
}

/**
 * Reads the content of a .npy file, compressed by gzip or not. Decompresses at most the length that its
 * header states.
 */
export function readNpyContent(file: StoredFile): Promise<Content> {
  return readContent(file, LONGEST_HEADER + 12, (start) => readHeader(start, file.origin).length);
}

function readHeader(bytes: Uint8Array, origin: string): Header {
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

/** Returns whether bytes begin as a .npy file does. */
export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

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

/** Reorders column-major elements, in which the first axis is the fastest, to row-major. */
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
