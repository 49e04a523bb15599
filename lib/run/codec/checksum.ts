/**
 * A checksum in the metadata of a safetensors file: the SHA-256 of the whole file, computed with zeros
 * in place of its own 64 digits.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { throwReadError } from "../json.ts";
import { type Field, textField } from "./fields.ts";

/** Sixty-four zeros in the place of a checksum that is not computed yet. */
export const NO_CHECKSUM = "0".repeat(64);

/** Field of a safetensors file that holds the file's own checksum. */
export const CHECKSUM: Field<string> = textField(
  "SHA-256 of the file, computed with 64 zeros in this place",
  z.string().regex(/^[0-9a-f]{64}$/),
);

/**
 * Computes the checksum of a file, and writes it into the file in place of {@linkcode NO_CHECKSUM}. Returns
 * the same bytes, which are changed in place.
 */
export function addChecksum(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const offset = findChecksumOffset(bytes, NO_CHECKSUM);
  bytes.set(new TextEncoder().encode(computeChecksum(bytes, offset)), offset);
  return bytes;
}

/**
 * Checks that the bytes of a file have the checksum that is stored in them. `checksum` is the stored one,
 * and `source` is the name of the file in error messages.
 *
 * @throws {SyntaxError} if the bytes do not contain `checksum`, or have another SHA-256
 */
export function verifyChecksum(bytes: Uint8Array, checksum: string, source: string): void {
  const offset = findChecksumOffset(bytes, checksum);
  const found = offset < 0 ? "none" : computeChecksum(bytes, offset);
  if (found !== checksum) throwReadError(source, `content with the SHA-256 ${checksum}`, found);
}

/**
 * Returns the offset in bytes of a checksum's 64 digits in a file, or −1 if the file does not contain it.
 */
function findChecksumOffset(bytes: Uint8Array, checksum: string): number {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(8, 8 + length)); // one byte per character
  const name = '"checksum":"';
  const found = header.indexOf(`${name}${checksum}"`);
  return found < 0 ? -1 : 8 + found + name.length;
}

/**
 * Computes the checksum of a file: the SHA-256 of all its bytes, with "0" in place of each of the 64 digits
 * of the checksum that the file itself stores at `checksumOffset` (bytes).
 */
function computeChecksum(fileBytes: Uint8Array, checksumOffset: number): string {
  return createHash("sha256")
    .update(fileBytes.subarray(0, checksumOffset)).update(NO_CHECKSUM)
    .update(fileBytes.subarray(checksumOffset + NO_CHECKSUM.length)).digest("hex");
}
