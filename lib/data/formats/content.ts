/**
 * Reading of files into shared memory, decompressed.
 *
 * A bound on the length of the content is determined before it is decompressed, so that a small malicious
 * file cannot fill the memory.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { decompress, type Decompressed, type StoredFile } from "./gzip.ts";
import { sha256 } from "../sha256.ts";

/** The content of a file, decompressed. */
export interface Content {
  /** The bytes, in shared memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** SHA-256 of the bytes. It is computed when it is first read. */
  readonly sha256: string;
}

/** Largest accepted length of a file's decompressed content, whatever its header states: 8 GiB. */
export const LARGEST_FILE = 2 ** 33;

/**
 * Reads the content of a file into shared memory, decompressed.
 *
 * @param file the file on disk or in memory, compressed by gzip or not
 * @param startLength number of bytes at the start of the content that `lengthOf` needs
 * @param lengthOf returns an upper bound on the length of the content in bytes, given at least its first
 *     `startLength` bytes, or all of it if it is shorter
 * @throws {SyntaxError} if the gzip is truncated, damaged or followed by other bytes
 * @throws {RangeError} if the content is longer than the bound or than {@linkcode LARGEST_FILE}
 */
export async function readContent(
  file: StoredFile,
  startLength: number,
  lengthOf: (start: Uint8Array) => number,
): Promise<Content> {
  const start: Uint8Array[] = [];
  let held = 0;
  let room: FillableBuffer | undefined;
  const content = await decompress(file);
  const begin = () => {
    const room = allocateBuffer(
      Math.min(lengthOf(concatenateBytes(start)), LARGEST_FILE),
      content,
      file.origin,
    );
    start.forEach(room.append);
    return room;
  };
  for await (const piece of content.pieces) {
    if (room !== undefined) {
      room.append(piece);
      continue;
    }
    start.push(piece);
    held += piece.length;
    if (held >= startLength) room = begin();
  }
  room ??= begin();
  return withLazyHash(room.filled());
}

/**
 * Computes the SHA-256 of a file's decompressed content, without holding the content in memory.
 *
 * @throws {SyntaxError} if the gzip is truncated, damaged or followed by other bytes
 * @throws {RangeError} if the content is longer than {@linkcode LARGEST_FILE}
 */
export async function hashContent(file: StoredFile): Promise<string> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const piece of (await decompress(file)).pieces) {
    length += piece.length;
    if (length > LARGEST_FILE) {
      throw new RangeError(
        `Cannot unpack "${file.origin}": expected at most ${LARGEST_FILE} bytes of content: ` +
          "received more",
      );
    }
    hash.update(piece);
  }
  return hash.digest("hex");
}

/** Returns bytes as content whose SHA-256 is computed when it is first read. */
function withLazyHash(bytes: Uint8Array<SharedArrayBuffer>): Content {
  let hash: string | undefined;
  return {
    bytes,
    get sha256() {
      return hash ??= sha256(bytes);
    },
  };
}

/** A buffer of fixed size that is filled piece by piece. */
interface FillableBuffer {
  /** Copies a piece behind the previous ones. Throws a RangeError if the buffer has too little room. */
  append(piece: Uint8Array): void;
  /** Returns the filled part of the buffer, without a copy. */
  filled(): Uint8Array<SharedArrayBuffer>;
}

/**
 * Allocates a buffer of `length` bytes in shared memory, or of fewer bytes if the file cannot decompress to
 * as many. `origin` is the name of the file in error messages.
 */
function allocateBuffer(
  length: number,
  { isCompressed, most }: Decompressed,
  origin: string,
): FillableBuffer {
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.min(length, most)));
  let at = 0;
  return {
    append(piece) {
      if (at + piece.length > bytes.length) {
        throw new RangeError(
          `Cannot unpack "${origin}": expected at most ${length} bytes of content: ` +
            `received ${isCompressed ? "more" : most}`,
        );
      }
      bytes.set(piece, at);
      at += piece.length;
    },
    filled: () => bytes.subarray(0, at),
  };
}

/** Returns the concatenation of byte arrays. */
export function concatenateBytes(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
