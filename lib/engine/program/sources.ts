/**
 * Stored features of data sets, which programs read.
 *
 * Features stay outside the memory of programs, in their original bytes. Each step copies the rows that it
 * needs, then compresses or decodes them. So a data set is in memory once, however many workers there are,
 * and may be larger than 32-bit addresses can reach.
 *
 * @module
 */

import type { Encoding } from "../../tensor/mod.ts";
import type { Region } from "./program.ts";

/** Features of a data set, outside the memory of programs. */
export interface StoredFeatures {
  /** Encoding of the values: 8 or 32 bits, and whether programs skip zeros. */
  readonly encoding: Encoding;
  /** Number of features of each sample. */
  readonly features: number;
  /** Values, row-major [count, features]. */
  readonly values: Uint8Array | Float32Array;
  /** Factor by which programs multiply each feature [features]. */
  readonly scale: Float32Array<ArrayBuffer>;
}

/** Largest fraction of non-zero values for which skipping zeros is faster. */
const SPARSE_UP_TO = 0.5;

/** Returns the region with the scales of the data set with a name. */
export function scaleRegion(sourceName: string): Region {
  return { space: `source:${sourceName}.scale`, offset: 0 };
}

/**
 * Returns the features of a data set with the encoding in which programs read them. Values are not copied,
 * except 8-bit ones that are converted to "dense32".
 *
 * @param values row-major [count, features]
 * @param features number of features of each sample
 * @param scale one factor for all features, or one for each
 * @param encoding encoding of the values. Defaults to one that suits them; training chooses it, and the model
 *   records it
 * @throws {TypeError} if the encoding is an 8-bit one and the values are not 8-bit, or the number of values
 *   or scales does not fit the number of features
 * @throws {RangeError} if a scale is negative or not finite
 */
export function storeFeatures(
  values: Uint8Array | Float32Array,
  features: number,
  scale: number | Float32Array,
  encoding: Encoding = chooseEncoding(values),
): StoredFeatures {
  const scales = typeof scale === "number"
    ? new Float32Array(features).fill(scale)
    : Float32Array.from(scale);
  expectFittingFeatures(values, features, scales);
  if (encoding === "dense32") {
    const floats = values instanceof Float32Array ? values : Float32Array.from(values);
    return { encoding, features, values: floats, scale: scales };
  }
  if (values instanceof Float32Array) {
    throw new TypeError(
      `Cannot store features as "${encoding}": expected 8-bit values: received 32-bit ones`,
    );
  }
  return { encoding, features, values, scale: scales };
}

/**
 * Checks that there are whole rows of values and a scale for each feature, and that scales are finite and not
 * negative. With such scales, 0 stays 0 after scaling and never becomes −0 or NaN, so sparse rows may skip
 * zeros.
 *
 * @throws {TypeError} if a number of values or scales does not fit
 * @throws {RangeError} if a scale is negative or not finite
 */
function expectFittingFeatures(
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

/**
 * Returns the encoding that suits values: "dense32" for 32-bit ones; for 8-bit ones "sparse8" if at most the
 * fraction {@linkcode SPARSE_UP_TO} of them is not zero, else "dense8".
 */
function chooseEncoding(values: Uint8Array | Float32Array): Encoding {
  if (values instanceof Float32Array) return "dense32";
  return hasAtMostNonZeros(SPARSE_UP_TO * values.length, values) ? "sparse8" : "dense8";
}

/**
 * Number of bytes that are counted between two comparisons of the count with its limit; a multiple of 4.
 */
const STRETCH = 2 ** 20;

/** Returns whether at most `limit` bytes are not zero. Stops counting as soon as the answer is certain. */
function hasAtMostNonZeros(limit: number, values: Uint8Array): boolean {
  let count = 0;
  for (let to = 0; count <= limit && count + values.length - to > limit;) {
    const from = to;
    to = Math.min(from + STRETCH, values.length);
    count += countNonZeros(values.subarray(from, to));
  }
  return count <= limit;
}

/** Counts the bytes that are not zero. Reads four at a time, because in images zeros lie together. */
function countNonZeros(values: Uint8Array): number {
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
