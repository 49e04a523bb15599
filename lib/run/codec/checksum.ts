/**
 * A checksum in the metadata of a safetensors file: the SHA-256 of the whole file, computed with zeros
 * in place of its own 64 digits.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { refuse } from "../json.ts";
import { type Field, text } from "./fields.ts";

/** Placeholder of a checksum that is not computed yet. */
export const NO_CHECKSUM = "0".repeat(64);

/** Field of a file's checksum. */
export const CHECKSUM: Field<string> = text(
  "SHA-256 of the file, computed with 64 zeros in this place",
  z.string().regex(/^[0-9a-f]{64}$/),
);

/** Writes the checksum of a file over its placeholder {@linkcode NO_CHECKSUM}, in place. */
export function addChecksum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const offset = offsetOf(bytes, NO_CHECKSUM);
  bytes.set(new TextEncoder().encode(checksumOf(bytes, offset)), offset);
  return bytes;
}

/**
 * Checks that the bytes of a file have the checksum that the file states.
 *
 * @throws {SyntaxError} if they have another one
 */
export function expectChecksum(bytes: Uint8Array, checksum: string, what: string): void {
  const offset = offsetOf(bytes, checksum);
  const found = offset < 0 ? "none" : checksumOf(bytes, offset);
  if (found !== checksum) refuse(what, `content with the SHA-256 ${checksum}`, found);
}

/** Returns the offset of the 64 digits of a checksum in a file, or −1 if it has none. */
function offsetOf(bytes: Uint8Array, checksum: string): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + length)); // one byte per character
  const name = '"checksum":"';
  const found = header.indexOf(`${name}${checksum}"`);
  return found < 0 ? -1 : 8 + found + name.length;
}

function checksumOf(bytes: Uint8Array, offset: number): string {
  return createHash("sha256")
    .update(bytes.subarray(0, offset)).update(NO_CHECKSUM)
    .update(bytes.subarray(offset + NO_CHECKSUM.length)).digest("hex");
}
