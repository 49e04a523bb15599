/**
 * Byte order of stored numbers.
 *
 * @module
 */

/**
 * Returns a copy of bytes with the order reversed within each group of `size` bytes, the size of one
 * number. This converts numbers between big-endian files and memory; all machines that run Deno are
 * little-endian.
 */
export function reverseByteOrder(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes.length);
  for (let group = 0; group < bytes.length; group += size) {
    for (let i = 0; i < size; i++) swapped[group + i] = bytes[group + size - 1 - i];
  }
  return swapped;
}
