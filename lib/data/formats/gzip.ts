/**
 * Unpacks gzip (RFC 1952) of one or several members, piece by piece; plain bytes pass as they are.
 *
 * `node:zlib` does the work: DecompressionStream refuses a second member.
 *
 * @module
 */
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isGzip } from "./sniff.ts";

/** A file as it is stored, gzip or plain. */
export interface StoredFile {
  /** Where it is from, for messages. */
  readonly origin: string;
  /** Bytes of it. */
  readonly length: number;
  /** The bytes, in pieces one after the other; none is empty. They can be iterated over again. */
  readonly pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/** Bytes that were read before, as a stored file. */
export function storedBytes(bytes: Uint8Array, origin: string): StoredFile {
  return { origin, length: bytes.length, pieces: bytes.length === 0 ? [] : [bytes] };
}

/** Bytes of content that are unpacked at a time. */
const PIECE = 2 ** 16;

/** DEFLATE grows at most so many fold. */
export const MOST_GROWTH = 1032;

export interface Unpacking {
  readonly isPacked: boolean;
  /** A bound on the bytes of content; how many there are if the file is plain. */
  readonly most: number;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * The content of a file that may be packed by gzip, any number of times one after another. Asking for
 * its pieces throws SyntaxError if the gzip is truncated, damaged or followed by something else.
 */
export async function unpack(file: StoredFile): Promise<Unpacking> {
  const iterator = Symbol.asyncIterator in file.pieces
    ? file.pieces[Symbol.asyncIterator]()
    : file.pieces[Symbol.iterator]();
  const first = await iterator.next();
  const pieces = chain(first, iterator);
  if (first.done === true || !isGzip(first.value)) {
    return { isPacked: false, most: file.length, pieces };
  }
  return { isPacked: true, most: MOST_GROWTH * file.length, pieces: gunzip(file, pieces) };
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
    throw isOfZlib(error) ? damaged(origin, length, error) : error;
  } finally {
    packed.destroy();
  }
}

/** What was taken from an iterator, and what follows; ends the iterator with itself. */
async function* chain(
  first: IteratorResult<Uint8Array>,
  iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** zlib says why in `code` and message; its words for the common cases are put plainly. */
function damaged(origin: string, length: number, cause: Error & { code: string }): SyntaxError {
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

function isOfZlib(error: unknown): error is Error & { code: string } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("Z_");
}
