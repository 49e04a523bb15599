/**
 * The .npy file format, in which NumPy keeps an array.
 *
 *   bytes 0 to 5    93 "NUMPY"
 *   bytes 6 and 7   version of the format: 1, 2 or 3; and 0
 *   then            length of the header, 16-bit in version 1, else 32-bit, least byte first
 *   then            the header, a dictionary in Python's syntax:
 *                   {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }
 *   then            the elements, row-major, or column-major if `fortran_order` says so
 *
 * Source: NEP 1, "A simple file format for NumPy arrays", and numpy.lib.format, whose version 3
 * only changes the header's encoding. Arrays of Python objects are pickles, which are programs: no
 * such array is opened.
 *
 * @module
 */
import { reverseEach } from "./byte_order.ts";
import { type Content, contentOf } from "./content.ts";
import type { StoredFile } from "./gzip.ts";
import { describeContent } from "./sniff.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** An array as a .npy file holds it. */
export interface Npy {
  /** Kind and bits of an element: `u8`, `i64`, `f32`; `b8` for truth values, which are 0 or 1. */
  readonly type: string;
  /** Length of each axis; none for a single number. */
  readonly shape: readonly number[];
  /** Elements, row-major; 64-bit integers and 16-bit fractions as f64 and f32. */
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

/** Bytes of a header, at most: those of arrays of numbers have some hundred. */
const LONGEST_HEADER = 2 ** 16;

/** Axes of an array, at most, as in NumPy 2. */
const MOST_AXES = 64;

interface Header {
  readonly descr: string;
  /** NumPy's letter for it: b, i, u or f; empty if it is no number. */
  readonly kind: string;
  /** Bytes an element. */
  readonly size: number;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Bytes before the first element. */
  readonly start: number;
  /** Bytes of the whole file. */
  readonly length: number;
}

/** Makes numbers of bytes, in the order of memory, by NumPy's kind and bytes an element. */
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
 * Reads a .npy file; what it returns is a copy.
 *
 * @param bytes the whole file
 * @param what the file, and the array's name in it if it has one, for messages
 * @throws {SyntaxError} if it is no such file, or shorter or longer than its header says
 * @throws {TypeError} if its elements are no numbers
 */
export function readNpy(bytes: Uint8Array, what: string): Npy {
  const { descr, kind, size, isBigEndian, isFortran, shape, start, length } = readHeader(
    bytes,
    what,
  );
  const elements = ELEMENTS.get(`${kind}${size}`);
  if (elements === undefined) throw noNumbers(descr, what);
  if (bytes.length !== length) {
    throw new SyntaxError(
      `Cannot read "${what}": expected ${length} bytes, as its header says ('${descr}', ` +
        `[${shape.join(", ")}]): received ${bytes.length}`,
    );
  }
  const body = bytes.subarray(start);
  const { buffer } = isBigEndian ? reverseEach(body, size) : new Uint8Array(body);
  const values = elements(buffer);
  return {
    type: `${kind}${8 * size}`,
    shape,
    values: isFortran ? rowMajor(values, shape) : values,
  };
}

/**
 * Reads the header of a .npy file, of which the first bytes are enough.
 *
 * @throws {SyntaxError} if it is no such file
 * @throws {TypeError} if its elements are no numbers
 */
export function readNpyHeader(bytes: Uint8Array, what: string): Pick<Npy, "type" | "shape"> {
  const { descr, kind, size, shape } = readHeader(bytes, what);
  if (!ELEMENTS.has(`${kind}${size}`)) throw noNumbers(descr, what);
  return { type: `${kind}${8 * size}`, shape };
}

/** The content of a .npy file, gzip or plain. No more is unpacked than its header promises. */
export function npyContent(file: StoredFile): Promise<Content> {
  return contentOf(file, LONGEST_HEADER + 12, (start) => readHeader(start, file.origin).length);
}

function readHeader(bytes: Uint8Array, what: string): Header {
  const wrong = (expected: string, received: string) =>
    new SyntaxError(`Cannot read "${what}": expected ${expected}: received ${received}`);
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
  // a copy, since TextDecoder refuses shared memory
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.slice(begin, start));
  const [, , descr] = /['"]descr['"]\s*:\s*(['"])(.*?)\1/.exec(text) ?? [];
  const [, fortran] = /['"]fortran_order['"]\s*:\s*(True|False)\b/.exec(text) ?? [];
  const [, axes] = /['"]shape['"]\s*:\s*\(([\dL,\s]*)\)/.exec(text) ?? [];
  if (/['"]descr['"]\s*:\s*\[/.test(text)) throw noNumbers("[", what);
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
    // in f64 a product that overflows 2⁵³ stays larger than any file, so nothing wraps round
    length: start + Number(size) * sizeOf(shape),
  };
}

export function isNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, i) => bytes[i] === byte);
}

function noNumbers(descr: string, what: string): TypeError {
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
    `Cannot read "${what}": expected an array of integers or real numbers: received ${received}`,
  );
}

/** The elements row by row, of elements column by column: the first axis ran fastest. */
function rowMajor(values: Npy["values"], shape: readonly number[]): Npy["values"] {
  const ordered = values.slice();
  const place = shape.map(() => 0); // of the element in the array
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
