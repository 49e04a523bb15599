/**
 * Detection of file formats by the first bytes of a file.
 *
 * @module
 */

/** Returns whether bytes begin with the signature of gzip: 1f 8b (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Returns whether the first bytes of a file seem to be text in UTF-16: its byte order mark, or two ASCII
 * characters in UTF-16.
 */
export function isUtf16([a, b, c, d]: Uint8Array): boolean {
  const isMarked = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  return isMarked || (a > 0 && b === 0 && c > 0 && d === 0) ||
    (a === 0 && b > 0 && c === 0 && d > 0);
}

/**
 * Returns a hint for error messages about a text that is not in UTF-8: the command that converts it.
 * `encoding` is the name of its encoding for iconv.
 */
export function encodingHint(encoding: string): string {
  return `convert it, for example by "iconv -f ${encoding} -t UTF-8 FILE > NEW"`;
}

/**
 * Describes the content of a file, given its first bytes, for the end of an error message after "received":
 * for example "an HTML page" or "gzip, still packed". An unknown format is described by its first four
 * bytes.
 */
export function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (isGzip(bytes)) return "gzip, still packed";
  if (isUtf16(bytes)) return "text in UTF-16";
  // a copy, since TextDecoder rejects shared memory
  const start = new TextDecoder("latin1").decode(bytes.slice(0, 256)).trimStart().toLowerCase();
  if (/^(<!doctype html|<html|<head|<body)/.test(start)) return "an HTML page";
  if (start.startsWith("<?xml")) return "an XML document";
  if (start.startsWith("version https://git-lfs")) return "a Git LFS pointer, not the file itself";
  if (start.startsWith("pk\x03\x04")) return "a zip archive";
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  return `a file that begins with the bytes ${first.join(" ")}`;
}
