/**
 * Data sets built from arrays in memory.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { formatShape, sizeOf } from "../../tensor/tensor.ts";
import { assembleArrays, type NumberArray } from "./arrays.ts";

/** Arrays of features and labels. */
export interface LabelledArrays {
  /**
   * Features [samples, features], row-major, in one flat array. A Uint8Array stays 8-bit. Other arrays
   * become 32-bit.
   */
  readonly x: ArrayLike<number>;
  /** Labels [samples], integers from 0. */
  readonly y: ArrayLike<number>;
}

/** The arrays of a data set, with the shape of a sample and the classes. */
export interface FromArraysOptions extends LabelledArrays {
  /** Number of features of a sample, or the shape of a sample, for example [28, 28]. */
  readonly features: number | readonly number[];
  /** Names of the classes, or the number of classes. Defaults to the largest label plus 1. */
  readonly classes?: number | readonly string[];
  /** Test samples, with the same shape as the training samples. Defaults to none. */
  readonly test?: LabelledArrays;
  /** Name of the data set. Defaults to "arrays". */
  readonly name?: string;
}

/**
 * Builds a data set from arrays in memory, to be passed to `split()`. It has no hashes, since it has no
 * files.
 *
 * @example Four points in the plane
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fromArrays } from "./from_arrays.ts";
 *
 * const points = fromArrays({ x: [0, 0, 0, 1, 1, 0, 1, 1], y: [0, 1, 1, 0], features: 2 });
 * assertEquals(points.train.count, 4);
 * assertEquals(points.classes, ["0", "1"]);
 * ```
 *
 * @throws {TypeError} if the arrays have different numbers of samples, or a part of one
 * @throws {RangeError} if there are no samples, `features` is not a shape, a label is not a class, or a
 *     feature is not finite
 */
export function fromArrays(
  { x, y, features, classes, test, name = "arrays" }: FromArraysOptions,
): Omit<Dataset, "hashes"> {
  const shape = typeof features === "number" ? [features] : features;
  if (!shape.every((size) => Number.isSafeInteger(size) && size > 0) || shape.length === 0) {
    throw new RangeError(
      `Cannot use arrays: expected features as a positive integer or a shape: received ${
        typeof features === "number" ? features : formatShape(features)
      }`,
    );
  }
  const names = typeof classes === "number"
    ? Array.from({ length: classes }, (_, label) => `${label}`)
    : classes;
  return assembleArrays({
    name,
    classes: names,
    features: featureArray(x, "x", shape),
    labels: labelArray(y, "y"),
    ...(test === undefined ? {} : {
      testFeatures: featureArray(test.x, "test.x", shape),
      testLabels: labelArray(test.y, "test.y"),
    }),
  });
}

/**
 * Returns features as an array [samples, …] of samples of a shape. Throws a TypeError if they are not whole
 * samples. `origin` is the name of the argument in error messages.
 */
function featureArray(
  values: ArrayLike<number>,
  origin: string,
  shape: readonly number[],
): NumberArray {
  const count = values.length / sizeOf(shape);
  if (!Number.isInteger(count)) {
    throw new TypeError(
      `Cannot use array "${origin}": expected whole samples of ${sizeOf(shape)} features: ` +
        `received ${values.length} numbers`,
    );
  }
  const whole = { origin, shape: [count, ...shape] };
  return values instanceof Uint8Array
    ? { ...whole, type: "u8", values }
    : { ...whole, type: "f32", values: Float32Array.from(values) };
}

/**
 * Returns labels as 32-bit integers [samples]. Throws a RangeError if one is not an integer. `origin` is
 * the name of the argument in error messages.
 */
function labelArray(labels: ArrayLike<number>, origin: string): NumberArray {
  for (let row = 0; row < labels.length; row++) {
    if (Number.isInteger(labels[row])) continue;
    throw new RangeError(
      `Cannot use array "${origin}": expected integers from 0 as labels: received ${labels[row]} ` +
        `for sample ${row}`,
    );
  }
  return { origin, type: "i32", shape: [labels.length], values: Int32Array.from(labels) };
}
