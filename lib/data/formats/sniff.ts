/** Whether the bytes begin as gzip does: 1f 8b (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * What the bytes seem to be, in words that end "received …": "an HTML page", "gzip, still packed",
 * or the first bytes themselves.
 */
export function describeContent(bytes: Uint8Array): string {
  if (bytes.length === 0) return "an empty file";
  if (isGzip(bytes)) return "gzip, still packed";
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return "text in UTF-16";
  }
  // A copy, since TextDecoder refuses shared memory
  const start = new TextDecoder("latin1").decode(bytes.slice(0, 256)).trimStart().toLowerCase();
  if (/^(<!doctype html|<html|<head|<body)/.test(start)) return "an HTML page";
  if (start.startsWith("<?xml")) return "an XML document";
  if (start.startsWith("version https://git-lfs")) return "a Git LFS pointer, not the file itself";
  if (start.startsWith("pk\x03\x04")) return "a zip archive";
  const first = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  return `a file that begins with the bytes ${first.join(" ")}`;
}
