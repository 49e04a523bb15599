/**
 * Streaming decompression of gzip (RFC 1952) with any number of members. Other bytes pass unchanged.
 *
 * It uses `node:zlib`, since DecompressionStream rejects a second member.
 *
 * @module
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip } from "./sniff.ts";

/** A file as it is stored, compressed by gzip or not. */
export interface StoredFile {
  /** Path or name of the file in messages. */
  readonly origin: string;
  /** Length in bytes. */
  readonly length: number;
  /** The bytes in successive, non-empty pieces. Can be iterated several times. */
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Returns bytes in memory as a stored file. */
export function storedBytes(bytes: Uint8Array, origin: string): StoredFile {
  return { origin, length: bytes.length, pieces: bytes.length === 0 ? [] : [bytes] };
}

/** Bytes of content that are decompressed at a time. */
const PIECE = 2 ** 16;

/** Largest factor by which DEFLATE can expand. */
export const MOST_GROWTH = 1032;

/** The content of a stored file. */
export interface Decompressed {
  readonly isCompressed: boolean;
  /** Bound on the length of the content in bytes; exact if the file is not compressed. */
  readonly most: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Returns the content of a file, decompressed if it is gzip. Iterating over its pieces throws a SyntaxError
 * if the gzip is truncated, damaged or followed by other bytes.
 */
export async function decompress(file: StoredFile): Promise<Decompressed> {
  const iterator = Symbol.asyncIterator in file.pieces
    ? file.pieces[Symbol.asyncIterator]()
    : file.pieces[Symbol.iterator]();
  const first = await iterator.next();
  const pieces = resumeIteration(first, iterator);
  if (first.done === true || !isGzip(first.value)) {
    return { isCompressed: false, most: file.length, pieces };
  }
  return { isCompressed: true, most: MOST_GROWTH * file.length, pieces: gunzip(file, pieces) };
}

async function* gunzip(
  { origin, length }: StoredFile,
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip({ chunkSize: PIECE });
  const packed = Readable.from(pieces, { highWaterMark: 1 })
    .on("error", (error) => unpacking.destroy(error));
  try {
    yield* packed.pipe(unpacking);
  } catch (error) {
    throw isZlibError(error) ? damagedGzipError(origin, length, error) : error;
  } finally {
    packed.destroy();
  }
}

/** Yields a result that was already read from an iterator, then the rest. Closes the iterator at its end. */
async function* resumeIteration(
  first: IteratorResult<Uint8Array>,
  iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** Returns the error for damaged gzip, with the common messages of zlib in plain words. */
function damagedGzipError(
  origin: string,
  length: number,
  cause: Error & { code: string },
): SyntaxError {
  const { code, message } = cause;
  const received = code === "Z_BUF_ERROR"
    ? `a file of ${length} bytes that ends in the middle`
    : message === "incorrect header check"
    ? "gzip followed by something else"
    : message === "incorrect data check" || message === "incorrect length check"
    ? `damaged gzip, whose checksum does not fit (${message})`
    : `damaged gzip (${message})`;
  return new SyntaxError(
    `Cannot unpack "${origin}": expected whole gzip members and nothing else: received ${received}`,
    { cause },
  );
}

function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
