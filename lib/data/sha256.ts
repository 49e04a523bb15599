/**
 * SHA-256 of bytes, as hexadecimal text.
 *
 * `node:crypto` is used since it is synchronous and, in Deno, five times as fast as `crypto.subtle` (47 MB
 * in 30 ms instead of 160 ms).
 *
 * @module
 */
import { createHash } from "node:crypto";

/** Returns the SHA-256 of bytes as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
