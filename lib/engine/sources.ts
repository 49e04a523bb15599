/**
 * Stores a data set's features as programs read them: 8-bit values where they came so, and without
 * zeros where these are many.
 *
 * @module
 */

import type { Encoding } from "../tensor/mod.ts";

/** Features in memory: how they are stored, and the parts that programs read. */
export interface StoredFeatures {
  /** How they are stored. */
  readonly encoding: Encoding;
  /** Number of features of a sample. */
  readonly features: number;
  /** The arrays that make them up, by name: "values", "scale" and, if sparse, "starts", "columns". */
  readonly parts: Readonly<Record<string, ArrayBufferView>>;
}

/** Share of non-zero values up to which leaving zeros out is the faster way. */
export const SPARSE_UP_TO = 0.5;

/**
 * Stores features.
 *
 * @param values row-major [count, features]
 * @param scale what values are multiplied by: one number for all features, or one for each
 * @param encoding how; if it is not given, the one that suits the values, which training finds out
 *   and the model records
 * @throws {TypeError} if an 8-bit encoding is asked for other values, or values or scales are not as
 *   many as features ask for
 * @throws {RangeError} if a scale is negative or not finite, or there are too many features for
 *   "sparse8"
 */
export function storeFeatures(
  values: Uint8Array | Float32Array,
  features: number,
  scale: number | Float32Array,
  encoding?: Encoding,
): StoredFeatures {
  const scales = typeof scale === "number"
    ? new Float32Array(features).fill(scale)
    : Float32Array.from(scale);
  expectFitting(values, features, scales);
  if (encoding === "sparse8" && features > MOST_COLUMNS) {
    throw new RangeError(
      `Cannot store features as "sparse8": expected at most ${MOST_COLUMNS}: received ${features}`,
    );
  }
  const stored = (encoding: Encoding, parts: Readonly<Record<string, ArrayBufferView>>) => ({
    encoding,
    features,
    parts: { ...parts, scale: scales },
  });
  if (encoding === "dense32" || (encoding === undefined && values instanceof Float32Array)) {
    return stored("dense32", { values: Float32Array.from(values) });
  }
  if (values instanceof Float32Array) {
    throw new TypeError(`Cannot store features as "${encoding}": expected 8-bit values`);
  }
  if (encoding !== "dense8" && features <= MOST_COLUMNS) {
    const most = encoding === "sparse8" ? values.length : SPARSE_UP_TO * values.length;
    const parts = compress(values, features, Math.floor(most));
    if (parts !== undefined) return stored("sparse8", parts);
  }
  return stored("dense8", { values });
}

/** Scales are not negative, so that zeros, which sparse rows leave out, are 0 and never −0 or NaN. */
function expectFitting(
  values: Uint8Array | Float32Array,
  features: number,
  scales: Float32Array,
): void {
  if (scales.length !== features || values.length % features !== 0) {
    throw new TypeError(
      `Cannot store features: expected rows and scales of ${features}: ` +
        `received ${values.length} values and ${scales.length} scales`,
    );
  }
  const wrong = scales.find((scale) => !(scale >= 0 && scale < Infinity));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot store features: expected scales >= 0: received ${wrong}`);
  }
}

/** Columns that 16 bits can tell apart. */
const MOST_COLUMNS = 65536;

/**
 * Starts of the rows, then column and value of everything that is not zero; or undefined if that is
 * more than so many. One pass: room for the most is reserved, and what is not used is never touched.
 */
function compress(values: Uint8Array, features: number, most: number) {
  const count = values.length / features;
  const starts = new Uint32Array(count + 1);
  const columns = new Uint16Array(most);
  const kept = new Uint8Array(most);
  let next = 0;
  for (let row = 0; row < count; row++) {
    const first = row * features;
    for (let column = 0; column < features; column++) {
      const value = values[first + column] as number;
      if (value === 0) continue;
      columns[next] = column; // writing beyond the end does nothing
      kept[next] = value;
      next++;
    }
    starts[row + 1] = next;
    if (next > most) return undefined;
  }
  return { starts, columns: columns.subarray(0, next), values: kept.subarray(0, next) };
}
