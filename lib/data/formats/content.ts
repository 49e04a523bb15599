/**
 * Takes the content of files in: unpacked, and laid down once in memory that workers share.
 *
 * How long the content is to be is known before it is unpacked, so that a small hostile file cannot
 * fill the memory.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { type StoredFile, unpack, type Unpacking } from "./gzip.ts";
import { sha256 } from "../sha256.ts";

/** The content of a file. */
export interface Content {
  /** The bytes, in shared memory. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Their SHA-256, computed when it is first asked for. */
  readonly sha256: string;
}

/** No file is unpacked beyond this many bytes, whatever its header promises: 8 GiB. */
export const LARGEST_FILE = 2 ** 33;

/**
 * The content of a file.
 *
 * @param file gzip or plain
 * @param startLength bytes of the content from which its length follows
 * @param lengthOf the most bytes that the content may have, from its start, which may be shorter
 * @throws {SyntaxError} if the gzip is truncated, damaged or followed by something else
 * @throws {RangeError} if the content is longer than that, or than {@linkcode LARGEST_FILE}
 */
export async function contentOf(
  file: StoredFile,
  startLength: number,
  lengthOf: (start: Uint8Array) => number,
): Promise<Content> {
  const start: Uint8Array[] = [];
  let held = 0;
  let room: Room | undefined;
  const content = await unpack(file);
  const begin = () => {
    const room = roomFor(Math.min(lengthOf(joined(start)), LARGEST_FILE), content, file.origin);
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
  return hashed(room.filled());
}

/**
 * The SHA-256 of a file's content, which is not kept.
 *
 * @throws {SyntaxError} if the gzip is truncated, damaged or followed by something else
 * @throws {RangeError} if the content is longer than {@linkcode LARGEST_FILE}
 */
export async function contentHash(file: StoredFile): Promise<string> {
  const hash = createHash("sha256");
  let length = 0;
  for await (const piece of (await unpack(file)).pieces) {
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

function hashed(bytes: Uint8Array<SharedArrayBuffer>): Content {
  let hash: string | undefined;
  return {
    bytes,
    get sha256() {
      return hash ??= sha256(bytes);
    },
  };
}

interface Room {
  append(piece: Uint8Array): void;
  filled(): Uint8Array<SharedArrayBuffer>;
}

/** Room for so many bytes, but for no more than a file can hold, whatever its header promises. */
function roomFor(length: number, { isPacked, most }: Unpacking, origin: string): Room {
  const bytes = new Uint8Array(new SharedArrayBuffer(Math.min(length, most)));
  let at = 0;
  return {
    append(piece) {
      if (at + piece.length > bytes.length) {
        throw new RangeError(
          `Cannot unpack "${origin}": expected at most ${length} bytes of content: ` +
            `received ${isPacked ? "more" : most}`,
        );
      }
      bytes.set(piece, at);
      at += piece.length;
    },
    filled: () => bytes.subarray(0, at),
  };
}

export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
