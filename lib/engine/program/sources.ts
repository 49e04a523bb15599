/**
 * A data set's features as programs read them.
 *
 * They stay outside the memory that programs run in, in the bytes they came in: each step copies the
 * rows that it takes, and then leaves zeros out or decodes. So a data set is in memory once, however
 * many workers there are, and may be larger than 32-bit addresses reach.
 *
 * @module
 */

import type { Encoding } from "../../tensor/mod.ts";
import type { Place } from "./program.ts";

/** Features of a data set, outside the memory that programs run in. */
export interface StoredFeatures {
  /** How programs read them. */
  readonly encoding: Encoding;
  /** Number of features of a sample. */
  readonly features: number;
  /** Row-major [count, features]. */
  readonly values: Uint8Array | Float32Array;
  /** What each feature is multiplied by [features]. */
  readonly scale: Float32Array<ArrayBuffer>;
}

/** Share of non-zero values up to which leaving zeros out is the faster way. */
const SPARSE_UP_TO = 0.5;

export function scaleOf(name: string): Place {
  return { space: `source:${name}.scale`, offset: 0 };
}

/**
 * Stores features; 8-bit values are not copied.
 *
 * @param values row-major [count, features]
 * @param scale what values are multiplied by: one number for all features, or one for each
 * @param encoding how; if it is not given, the one that suits the values, which training finds out
 *   and the model records
 * @throws {TypeError} if an 8-bit encoding is asked for other values, or values or scales are not as
 *   many as features ask for
 * @throws {RangeError} if a scale is negative or not finite
 */
export function storeFeatures(
  values: Uint8Array | Float32Array,
  features: number,
  scale: number | Float32Array,
  encoding: Encoding = suitable(values),
): StoredFeatures {
  const scales = typeof scale === "number"
    ? new Float32Array(features).fill(scale)
    : Float32Array.from(scale);
  expectFitting(values, features, scales);
  if (encoding === "dense32") {
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    return { encoding, features, values: floats, scale: scales };
  }
  if (values instanceof Float32Array) {
    throw new TypeError(`Cannot store features as "${encoding}": expected 8-bit values`);
  }
  return { encoding, features, values, scale: scales };
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

/** The encoding that suits values: sparse where at most {@linkcode SPARSE_UP_TO} are not zero. */
function suitable(values: Uint8Array | Float32Array): Encoding {
  if (values instanceof Float32Array) return "dense32";
  return hasAtMost(SPARSE_UP_TO * values.length, values) ? "sparse8" : "dense8";
}

/** Bytes that are looked at before it is asked whether the others matter; a multiple of 4. */
const STRETCH = 2 ** 20;

/** Whether at most so many bytes are not zero; what follows the byte that decides is not looked at. */
function hasAtMost(most: number, values: Uint8Array): boolean {
  let count = 0;
  for (let to = 0; count <= most && count + values.length - to > most;) {
    const from = to;
    to = Math.min(from + STRETCH, values.length);
    count += nonZeros(values.subarray(from, to));
  }
  return count <= most;
}

/** How many bytes are not zero. Zeros lie together in images, so four are looked at at a time first. */
function nonZeros(values: Uint8Array): number {
  const before = Math.min(values.length, (4 - values.byteOffset % 4) % 4);
  const first = values.byteOffset + before;
  const whole = Math.floor((values.length - before) / 4);
  const words = new Int32Array(values.buffer, first - first % 4, whole);
  let count = 0;
  for (let i = 0; i < before; i++) count += values[i] === 0 ? 0 : 1;
  for (let i = before + 4 * whole; i < values.length; i++) count += values[i] === 0 ? 0 : 1;
  for (let i = 0; i < whole; i++) {
    const word = words[i];
    if (word === 0) continue;
    count += Number((word & 0xff) !== 0) + Number((word & 0xff00) !== 0) +
      Number((word & 0xff0000) !== 0) + Number((word >>> 24) !== 0);
  }
  return count;
}
