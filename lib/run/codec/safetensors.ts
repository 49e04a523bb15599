/**
 * safetensors: named tensors in one file, without code (https://huggingface.co/docs/safetensors).
 *
 *     8 bytes   length n of the header, unsigned, little-endian
 *     n bytes   header: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
 *               with an optional "__metadata__" from text to text, in UTF-8, ended by spaces
 *     the rest  the elements, row-major, little-endian, in one piece without gaps
 *
 * The encoder writes equal content as equal bytes: sorted metadata first, then tensors by falling size
 * of their elements (so that all are aligned) and by name. The decoder checks every byte of the header.
 *
 * @module
 */
import { visit } from "jsonc-parser";
import { sizeOf } from "../../tensor/tensor.ts";
import { canonicalJson, parseJson, quoteName, throwReadError } from "../json.ts";

/** Typed arrays by element type. Element types of the format that have no typed array are not supported. */
export interface TensorArrays {
  /** 64-bit floating point. */
  readonly F64: Float64Array<ArrayBuffer>;
  /** 64-bit signed integers. */
  readonly I64: BigInt64Array<ArrayBuffer>;
  /** 32-bit floating point. */
  readonly F32: Float32Array<ArrayBuffer>;
  /** 32-bit signed integers. */
  readonly I32: Int32Array<ArrayBuffer>;
  /** 32-bit unsigned integers. */
  readonly U32: Uint32Array<ArrayBuffer>;
  /** 16-bit unsigned integers. */
  readonly U16: Uint16Array<ArrayBuffer>;
  /** 8-bit unsigned integers. */
  readonly U8: Uint8Array<ArrayBuffer>;
}

/** Name of an element type, as in the header of a safetensors file. */
export type ElementType = keyof TensorArrays;

/** Elements of a tensor, as a typed array. */
export type TensorData = TensorArrays[keyof TensorArrays];

/** Constructor of the typed array of each element type. */
export const ARRAYS: {
  readonly [Type in ElementType]: {
    new (buffer: ArrayBuffer): TensorArrays[Type];
    readonly name: string;
    readonly BYTES_PER_ELEMENT: number;
  };
} = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
};

const TYPES = Object.keys(ARRAYS) as readonly ElementType[];

/** A tensor as a safetensors file stores it. */
export interface StoredTensor {
  /** Length of each axis; `[]` for a single number. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: TensorData;
}

/** The content of a safetensors file. */
export interface Safetensors {
  /** The tensors, by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** The texts of the metadata, by key. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Largest header that the reference implementation of safetensors accepts (bytes). */
const LONGEST_HEADER = 100_000_000;

const METADATA = "__metadata__";

/**
 * Encodes tensors and metadata as the bytes of a safetensors file. Equal content gives equal bytes: the
 * order of the maps does not matter.
 *
 * @throws {TypeError} if a tensor's number of elements does not fit its shape, or its name is reserved
 */
export function encodeSafetensors(
  { tensors, metadata = new Map() }: Pick<Safetensors, "tensors"> & Partial<Safetensors>,
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].map(([name, { shape, data }]) => {
    if (name === METADATA || sizeOf(shape) !== data.length) {
      const found = `shape [${shape.join(", ")}] and ${data.length} elements`;
      throw new TypeError(
        `Cannot write tensor "${name}": expected as many elements as its shape says, and another ` +
          `name than "${METADATA}": received ${found}`,
      );
    }
    return { name, shape, data };
  }).sort((a, b) =>
    b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT || (a.name < b.name ? -1 : 1)
  );
  let end = 0;
  const infos = sorted.map(({ name, shape, data }) => {
    const start = end;
    end += data.byteLength;
    const info = { dtype: elementTypeOf(data), shape, data_offsets: [start, end] };
    return `${JSON.stringify(name)}:${JSON.stringify(info)}`;
  });
  const metadataEntry = metadata.size === 0
    ? []
    : [`"${METADATA}":${canonicalJson(Object.fromEntries(metadata))}`];
  const header = new TextEncoder().encode(`{${[...metadataEntry, ...infos].join(",")}}`);
  const padded = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(header, 8);
  let at = 8 + padded;
  for (const { data } of sorted) {
    // typed arrays are little-endian on every system that Deno runs on
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Returns the element type of a typed array. */
function elementTypeOf(data: TensorData): ElementType {
  return TYPES.find((type) => data instanceof ARRAYS[type]) as ElementType;
}

/**
 * Decodes a safetensors file into copies of its tensors. Checks that the header is well-formed, that names
 * are unique and element types are supported, and that the tensors cover all bytes without overlap.
 *
 * @param source name of the file in error messages
 * @throws {SyntaxError} if one of the checks fails
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const { header, start } = readHeader(bytes, source);
  const { [METADATA]: metadata = {}, ...infos } = header;
  const length = bytes.length - start;
  const found = Object.entries(infos).map(([name, info]) => parseTensorInfo(name, info, source))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let end = 0;
  for (const { name, from, to } of found) {
    if (from !== end || to > length) {
      throwReadError(
        source,
        `tensor ${quoteName(name)} to lie from byte ${end} within ${length}`,
        `${from} to ${to}`,
      );
    }
    end = to;
  }
  if (end !== length) throwReadError(source, `${end} bytes of elements`, `${length}`);
  return {
    metadata: parseMetadata(metadata, source),
    tensors: new Map(found.map(({ name, shape, type, from, to }) => {
      const copy = new Uint8Array(to - from);
      copy.set(bytes.subarray(start + from, start + to));
      return [name, { shape, data: new ARRAYS[type](copy.buffer) }];
    })),
  };
}

/**
 * Parses the header of a safetensors file. Returns it as an object, with the offset in bytes at which the
 * elements start. Throws a SyntaxError if the header is malformed.
 */
function readHeader(
  bytes: Uint8Array,
  source: string,
): { readonly header: Readonly<Record<string, unknown>>; readonly start: number } {
  if (bytes.length < 8) throwReadError(source, "at least 8 bytes", `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const stated = view.getBigUint64(0, true);
  const most = Math.min(LONGEST_HEADER, bytes.length - 8);
  if (stated > BigInt(most)) {
    throwReadError(source, `a header of at most ${most} bytes`, `${stated}`);
  }
  const start = 8 + Number(stated);
  const text = decodeHeaderText(bytes.subarray(8, start), source);
  if (!text.startsWith("{")) {
    throwReadError(source, 'a header that begins with "{"', quoteName(text.slice(0, 9)));
  }
  checkHeaderNames(text, source);
  return { header: parseJson(text, `header of ${source}`) as Record<string, unknown>, start };
}

/** Decodes the bytes of a header from UTF-8. Throws a SyntaxError if they are not UTF-8. */
function decodeHeaderText(bytes: Uint8Array, source: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return throwReadError(source, "a header in UTF-8", "other bytes");
  }
}

/**
 * Checks that no name occurs twice in an object of a JSON header, since JSON.parse accepts duplicates, and
 * that the header has at most three levels. Throws a SyntaxError otherwise.
 */
function checkHeaderNames(header: string, source: string): void {
  const open: Set<string>[] = [];
  const deeper = (): void => {
    if (open.push(new Set()) > 3) throwReadError(source, "a header of three levels", "more");
  };
  const outward = (): void => void open.pop();
  visit(header, {
    onObjectBegin: deeper,
    onArrayBegin: deeper,
    onObjectEnd: outward,
    onArrayEnd: outward,
    onObjectProperty(name) {
      const names = open.at(-1);
      if (names?.has(name)) throwReadError(source, "each name once", `${quoteName(name)} again`);
      names?.add(name);
    },
  }, { disallowComments: true });
}

/**
 * The entry of a tensor in the header. Its elements are the bytes from offset `from` to below `to`, counted
 * from the start of all elements.
 */
interface TensorInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly type: ElementType;
}

/**
 * Parses the entry of a tensor in the header. Throws a SyntaxError if the entry is malformed, or its
 * offsets do not fit its shape and type.
 */
function parseTensorInfo(name: string, info: unknown, source: string): TensorInfo {
  const tensor = `${source}, tensor ${quoteName(name)}`;
  const { dtype, shape, data_offsets: offsets, ...others } = isRecord(info) ? info : {};
  const type = TYPES.find((name) => name === dtype);
  if (type === undefined) {
    return throwReadError(
      tensor,
      `a dtype of ${TYPES.join(", ")}`,
      JSON.stringify(dtype) ?? "none",
    );
  }
  if (!isCountList(shape)) {
    return throwReadError(tensor, "a shape of whole numbers", "another value");
  }
  if (!isCountList(offsets) || offsets.length !== 2) {
    return throwReadError(tensor, "two whole numbers as data_offsets", "another value");
  }
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throwReadError(tensor, "dtype, shape and data_offsets", quoteName(other));
  }
  const [from, to] = offsets as readonly [number, number];
  const size = sizeOf(shape) * ARRAYS[type].BYTES_PER_ELEMENT;
  if (to - from !== size) throwReadError(tensor, `${size} bytes for its shape`, `${from} to ${to}`);
  return { name, shape, from, to, type };
}

/** Returns the metadata of a header as a map, or throws a SyntaxError if a value is not a text. */
function parseMetadata(stored: unknown, source: string): ReadonlyMap<string, string> {
  const entries = isRecord(stored) ? Object.entries(stored) : [["", undefined] as const];
  return new Map(
    entries.map(([key, value]) =>
      typeof value === "string"
        ? [key, value]
        : throwReadError(source, `text in ${METADATA}`, "another value")
    ),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCountList(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
