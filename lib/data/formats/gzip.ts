/**
 * Decompression of gzip files (RFC 1952) with any number of members, piece by piece. Other files are not
 * changed.
 *
 * It uses `node:zlib`, since DecompressionStream rejects a second member.
 *
 * @module
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip } from "./sniff.ts";

/** A file whose bytes can be read in pieces. It may be compressed by gzip. */
export interface StoredFile {
  /** Path or name of the file in error messages. */
  readonly origin: string;
  /** Length of the file in bytes. */
  readonly length: number;
  /**
   * Bytes of the file in successive pieces, none of which is empty. They can be iterated over several
   * times.
   */
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
  /**
   * Reads the bytes from offset `from` to below `to`, or fewer if the file ends before. Absent if the file
   * can only be read from its start to its end.
   */
  range?(from: number, to: number): Promise<Uint8Array>;
}

/**
 * Returns bytes in memory as a file that can be read in pieces or at any offset. `origin` is its name in
 * error messages.
 */
export function storedFileFromBytes(bytes: Uint8Array, origin: string): StoredFile {
  return {
    origin,
    length: bytes.length,
    pieces: bytes.length === 0 ? [] : [bytes],
    range: (from, to) => Promise.resolve(bytes.subarray(from, to)),
  };
}

/**
 * Reads the bytes of a file from offset `from` to below `to`. Returns fewer bytes if the file ends before.
 *
 * @throws {TypeError} if the file has no random access
 */
export async function readRange(
  { origin, range }: StoredFile,
  from: number,
  to: number,
): Promise<Uint8Array> {
  if (range !== undefined) return await range(from, to);
  throw new TypeError(`Cannot read a part of "${origin}": expected a file with random access`);
}

/** Length of a piece of decompressed content (bytes). */
const PIECE = 2 ** 16;

/** Largest ratio of decompressed to compressed bytes that the compression method DEFLATE allows. */
export const MOST_GROWTH = 1032;

/** The content of a file in pieces, decompressed if the file is gzip. */
export interface Decompressed {
  /** Whether the file is gzip. */
  readonly isCompressed: boolean;
  /**
   * Largest possible length of the content in bytes. It is the exact length if the file is not compressed.
   */
  readonly most: number;
  /** Content in successive pieces, which can be iterated over once. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Returns the content of a file in pieces, decompressed if the file is gzip. Iterating over the pieces
 * throws a SyntaxError if the gzip is truncated, damaged or followed by other bytes.
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

/**
 * Yields the decompressed content of a gzip file, given its compressed pieces. Throws a SyntaxError if the
 * gzip is damaged.
 */
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

/**
 * Yields the value of `first`, the result that was already read from an iterator, and then the remaining
 * values. Closes the iterator at the end.
 */
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

/**
 * Returns the error for a damaged gzip file of `length` bytes. It restates the most frequent messages of
 * zlib.
 */
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

/** Returns whether an error was thrown by zlib. */
function isZlibError(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
