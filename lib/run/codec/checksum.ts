/**
 * A checksum inside a safetensors file: the SHA-256 of all its bytes, among its metadata. While it is
 * computed, its own 64 digits count as zeros.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { refuse } from "../json.ts";
import { type Field, text } from "./fields.ts";

/** What a file has in the place of the checksum until that is known. */
export const NO_CHECKSUM = "0".repeat(64);

/** The checksum of a file, as a field. */
export const CHECKSUM: Field<string> = text(
  "SHA-256 of the file, computed with 64 zeros in this place",
  z.string().regex(/^[0-9a-f]{64}$/),
);

/** Writes the checksum into a file whose field `checksum` is {@linkcode NO_CHECKSUM}. */
export function addChecksum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const place = placeOf(bytes, NO_CHECKSUM);
  bytes.set(new TextEncoder().encode(checksumOf(bytes, place)), place);
  return bytes;
}

/**
 * Checks that the bytes of a file are those that its field `checksum` was computed of.
 *
 * @throws {SyntaxError} if they are others
 */
export function expectChecksum(bytes: Uint8Array, checksum: string, what: string): void {
  const place = placeOf(bytes, checksum);
  const found = place < 0 ? "none" : checksumOf(bytes, place);
  if (found !== checksum) refuse(what, `content with the SHA-256 ${checksum}`, found);
}

/** Returns where the 64 digits of a checksum begin; -1 if there is none. */
function placeOf(bytes: Uint8Array, checksum: string): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + length)); // a character a byte
  const name = '"checksum":"';
  const found = header.indexOf(`${name}${checksum}"`);
  return found < 0 ? -1 : 8 + found + name.length;
}

function checksumOf(bytes: Uint8Array, place: number): string {
  return createHash("sha256")
    .update(bytes.subarray(0, place)).update(NO_CHECKSUM)
    .update(bytes.subarray(place + NO_CHECKSUM.length)).digest("hex");
}
