/**
 * A copy in which each group of `size` bytes is turned round: from the order of a file to that of
 * memory and back. Deno runs on little-endian machines only.
 */
export function reverseEach(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const turned = new Uint8Array(bytes.length);
  for (let group = 0; group < bytes.length; group += size) {
    for (let i = 0; i < size; i++) turned[group + i] = bytes[group + size - 1 - i];
  }
  return turned;
}
