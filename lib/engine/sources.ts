/**
 * Stores a data set's features as programs read them: 8-bit values where they came so, and without
 * zeros where these are many.
 *
 * @module
 */

import type { Encoding } from "../tensor/mod.ts";

/** Features in memory: how they are stored, and the parts that programs read. */
export interface StoredFeatures {
  readonly encoding: Encoding;
  /** Number of features of a sample. */
  readonly features: number;
  readonly parts: Readonly<Record<string, ArrayBufferView>>;
}

/** Share of non-zero values up to which leaving zeros out is the faster way. */
export const SPARSE_UP_TO = 0.5;

/** Share of values that are not zero. */
export function density(values: ArrayLike<number>): number {
  let filled = 0;
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) filled++;
  return values.length === 0 ? 0 : filled / values.length;
}

/** The encoding that suits some values: training data decides, and the model records it. */
export function chooseEncoding(
  values: Uint8Array | Float32Array,
  features: number,
): Encoding {
  if (values instanceof Float32Array) return "dense32";
  return features <= 65536 && density(values) <= SPARSE_UP_TO ? "sparse8" : "dense8";
}

/**
 * Stores features in an encoding.
 *
 * @param values row-major [count, features]
 * @param scale what values are multiplied by: one number for all features, or one for each
 * @throws {TypeError} if 8-bit encodings are asked for other values
 */
export function storeFeatures(
  values: Uint8Array | Float32Array,
  features: number,
  scale: number | Float32Array,
  encoding: Encoding,
): StoredFeatures {
  const scales = typeof scale === "number"
    ? new Float32Array(features).fill(scale)
    : Float32Array.from(scale);
  if (encoding === "dense32") {
    return { encoding, features, parts: { values: Float32Array.from(values), scale: scales } };
  }
  if (values instanceof Float32Array) {
    throw new TypeError(`Cannot store features as "${encoding}": expected 8-bit values`);
  }
  if (encoding === "dense8") return { encoding, features, parts: { values, scale: scales } };
  return { encoding, features, parts: { ...compress(values, features), scale: scales } };
}

/** Starts of the rows, then column and value of everything that is not zero. */
function compress(values: Uint8Array, features: number) {
  const count = values.length / features;
  const filled = Math.round(density(values) * values.length);
  const starts = new Uint32Array(count + 1);
  const columns = new Uint16Array(filled);
  const kept = new Uint8Array(filled);
  let at = 0;
  for (let row = 0; row < count; row++) {
    const first = row * features;
    for (let column = 0; column < features; column++) {
      const value = values[first + column] as number;
      if (value === 0) continue;
      columns[at] = column;
      kept[at] = value;
      at++;
    }
    starts[row + 1] = at;
  }
  return { starts, columns, values: kept };
}
