/** NumPy's files, written by hand. */
import { zipSync } from "fflate";

/** A .npy file of 8-bit numbers, or of doubles. */
export function npy(
  shape: readonly number[],
  values: Uint8Array | Float64Array,
): Uint8Array<ArrayBuffer> {
  const descr = values instanceof Uint8Array ? "|u1" : "<f8";
  const axes = `(${shape.join(", ")},)`;
  const header = new TextEncoder().encode(
    `{'descr': '${descr}', 'fortran_order': False, 'shape': ${axes}, }\n`,
  );
  const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0);
  const bytes = new Uint8Array(start.length + header.length + content.length);
  bytes.set(start);
  bytes.set(header, start.length);
  bytes.set(content, start.length + header.length);
  return bytes;
}

/** A .npz file of .npy files by name, compressed or not. */
export function npzOf(
  arrays: Readonly<Record<string, Uint8Array>>,
  { level = 6 }: { readonly level?: 0 | 6 } = {},
): Uint8Array<ArrayBuffer> {
  const named = Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes] as const);
  return new Uint8Array(zipSync(Object.fromEntries(named), { mtime: "2000-01-01", level }));
}
