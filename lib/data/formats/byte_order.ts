/**
 * Byte order of stored numbers.
 *
 * @module
 */

/**
 * Returns a copy in which the bytes of each group of `size` bytes are reversed, as between big-endian
 * files and memory. Deno runs on little-endian machines only.
 */
export function reverseByteOrder(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const swapped = new Uint8Array(bytes.length);
  for (let group = 0; group < bytes.length; group += size) {
    for (let i = 0; i < size; i++) swapped[group + i] = bytes[group + size - 1 - i];
  }
  return swapped;
}
