/**
 * Unpacks gzip (RFC 1952) of one or several members; plain bytes pass as they are.
 *
 * `node:zlib` does the work: DecompressionStream refuses a second member. The unpacked size is
 * bounded by what the caller expects, so a small hostile file cannot fill the memory.
 *
 * @module
 */
import { constants, gunzipSync } from "node:zlib";
import { isGzip } from "./sniff.ts";

/** No file is unpacked beyond this many bytes, whatever its header promises: 4 GiB. */
export const LARGEST_FILE = 2 ** 32;

/**
 * The content of a file that may be packed by gzip, any number of times one after another.
 *
 * @param bytes the file; not changed, and returned itself when it is not gzip
 * @param what the file's name, for messages
 * @param limit the most bytes that the content may have
 * @throws {SyntaxError} if the gzip is truncated, damaged or followed by something else
 * @throws {RangeError} if the content is longer than the limit
 */
export function unpack(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
  limit: number,
): Uint8Array<ArrayBuffer> {
  if (!isGzip(bytes)) {
    if (bytes.length > limit) throw tooLong(what, limit, `${bytes.length}`);
    return bytes;
  }
  const most = Math.min(limit, LARGEST_FILE);
  try {
    // zlib refuses a limit of 0; one byte too many is caught below
    return withoutBuffer(gunzipSync(bytes, { maxOutputLength: Math.max(most, 1) }), what, most);
  } catch (error) {
    if (errorCode(error) === "ERR_BUFFER_TOO_LARGE") throw tooLong(what, most, "more");
    throw error instanceof RangeError ? error : damaged(bytes, what, error);
  }
}

/**
 * The first bytes of the content: at least `length` of them unless the content is shorter. Enough
 * to read a header from, before deciding how much may be unpacked.
 *
 * @param bytes the file, gzip or plain
 * @param what the file's name, for messages
 * @param length how many bytes of content are wanted
 * @throws {SyntaxError} if the gzip is damaged where it begins
 */
export function unpackStart(
  bytes: Uint8Array<ArrayBuffer>,
  what: string,
  length: number,
): Uint8Array<ArrayBuffer> {
  if (!isGzip(bytes)) return bytes.subarray(0, length);
  // DEFLATE grows at most 1,032-fold, so a piece of the file is also a bound on what comes out
  for (let piece = 4096;; piece *= 16) {
    try {
      const start = gunzipSync(bytes.subarray(0, piece), {
        finishFlush: constants.Z_SYNC_FLUSH, // take what there is; do not insist on the end
      });
      if (start.length >= length || piece >= bytes.length) {
        return withoutBuffer(start, what, Infinity).subarray(0, length);
      }
    } catch (error) {
      if (piece >= bytes.length) throw damaged(bytes, what, error);
    }
  }
}

/** The bytes of a Node Buffer as a plain array on the same memory. */
function withoutBuffer(content: Uint8Array, what: string, limit: number): Uint8Array<ArrayBuffer> {
  if (content.length > limit) throw tooLong(what, limit, "more");
  // zlib gives memory of its own, never shared
  const { buffer, byteOffset, length } = content as Uint8Array<ArrayBuffer>;
  return new Uint8Array(buffer, byteOffset, length);
}

function tooLong(what: string, limit: number, received: string): RangeError {
  return new RangeError(
    `Cannot unpack "${what}": expected at most ${limit} bytes of content: received ${received}`,
  );
}

/** zlib says why in `code` and message; its words for the common cases are put plainly. */
function damaged(bytes: Uint8Array, what: string, cause: unknown): SyntaxError {
  const reason = cause instanceof Error ? cause.message : `${cause}`;
  const received = errorCode(cause) === "Z_BUF_ERROR"
    ? `a file of ${bytes.length} bytes that ends in the middle`
    : reason === "incorrect header check"
    ? "gzip followed by something else"
    : reason === "incorrect data check" || reason === "incorrect length check"
    ? `damaged gzip, whose checksum does not fit (${reason})`
    : `damaged gzip (${reason})`;
  return new SyntaxError(
    `Cannot unpack "${what}": expected whole gzip members and nothing else: received ${received}`,
    { cause },
  );
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
