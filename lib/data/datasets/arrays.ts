/**
 * Data sets built from arrays of features and labels.
 *
 * @module
 */
import { MOST_CLASSES } from "../formats/classes.ts";
import type { Dataset, Samples } from "../dataset.ts";
import type { Npy } from "../formats/npy.ts";
import { toFloat32 } from "../formats/rows.ts";
import { sizeOf } from "../../tensor/tensor.ts";

/** An array of numbers with its shape, and its origin for error messages. */
export interface NumberArray {
  /** Name of the file in error messages, with the name of the array if the file has several. */
  readonly origin: string;
  /** Name of the element type in the file, such as `u8`, `i64` or `f32`. */
  readonly type: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Elements, row-major. */
  readonly values: Npy["values"];
}

/** The arrays of a data set, with its name and classes. */
export interface Arrays {
  /** Name of the data set. */
  readonly name: string;
  /** Names of the classes. Defaults to the numbers from 0 to the largest training label, as texts. */
  readonly classes?: readonly string[] | undefined;
  /** Features of the training samples [samples, …]. The further axes are the shape of a sample. */
  readonly features: NumberArray;
  /** Labels of the training samples [samples], integers. */
  readonly labels: NumberArray;
  /**
   * Features of the test samples, each of the same shape as a training sample. Requires `testLabels`.
   */
  readonly testFeatures?: NumberArray | undefined;
  /** Labels of the test samples. Requires `testFeatures`. */
  readonly testLabels?: NumberArray | undefined;
}

/**
 * Builds a data set from arrays of features and labels. The result lacks the hashes of the files, which the
 * arrays do not show.
 *
 * @throws {TypeError} if shapes or element types of the arrays do not fit
 * @throws {RangeError} if there are no samples, a label is not a class, or a feature is not finite
 */
export function assembleArrays(arrays: Arrays): Omit<Dataset, "hashes"> {
  const { name, features, labels, testFeatures, testLabels } = arrays;
  const classes = arrays.classes ??
    Array.from({ length: largestLabel(integerLabels(labels)) + 1 }, (_, label) => `${label}`);
  const train = toSamples(features, labels, classes.length);
  if (testFeatures === undefined || testLabels === undefined) return { name, classes, train };
  const test = toSamples(testFeatures, testLabels, classes.length);
  if (`${test.shape}` !== `${train.shape}`) {
    throw new TypeError(
      `Cannot read "${testFeatures.origin}": expected samples of shape ` +
        `[${train.shape.join(", ")}], as in "${features.origin}": ` +
        `received [${test.shape.join(", ")}]`,
    );
  }
  return { name, classes, ...unifyElementTypes(train, test) };
}

/**
 * Returns an array of features that states a shape but has no elements, with which {@linkcode
 * assembleArrays} builds a data set without reading features. `values` has one element if the shape is not
 * empty, since an array without any is rejected.
 */
export function arrayWithoutElements(
  { shape }: Pick<NumberArray, "shape">,
  origin: string,
): NumberArray {
  const values = new Uint8Array(Math.min(1, sizeOf(shape)));
  return { origin, type: "u8", shape, values };
}

/**
 * Returns training and test samples with features of the same element type. If one of them is 8-bit and the
 * other 32-bit, both become 32-bit.
 */
export function unifyElementTypes(
  train: Samples,
  test: Samples,
): { readonly train: Samples; readonly test: Samples } {
  if (train.values.BYTES_PER_ELEMENT === test.values.BYTES_PER_ELEMENT) return { train, test };
  return {
    train: { ...train, values: toFloat32(train.values) },
    test: { ...test, values: toFloat32(test.values) },
  };
}

/** Features of samples, without labels. */
export type Features = Omit<Samples, "labels">;

/**
 * Converts an array [samples, …] to the features of samples of shape […]. Features of type `u8` stay 8-bit;
 * others become 32-bit floating-point numbers.
 *
 * @throws {TypeError} if the array has fewer than 2 dimensions
 * @throws {RangeError} if the array is empty, or a number is not finite in 32 bits
 */
export function toFeatures(array: NumberArray): Features {
  const { origin, type, values } = array;
  const [count = 0, ...shape] = array.shape;
  if (shape.length === 0) {
    throw new TypeError(
      `Cannot read "${origin}": expected at least 2 dimensions, the samples and their ` +
        `features: received [${count}]`,
    );
  }
  if (values.length === 0) {
    throw new RangeError(
      `Cannot read "${origin}": expected at least 1 sample of at least 1 feature: ` +
        `received [${array.shape.join(", ")}]`,
    );
  }
  if (type === "u8" && values instanceof Uint8Array) return { count, shape, values };
  const rounded = values instanceof Float32Array ? values : Float32Array.from(values);
  expectFinite(rounded, array);
  return { count, shape, values: rounded };
}

/**
 * Converts an array of features and an array of labels to samples. `classes` is the number of classes.
 * Throws an error if the numbers of samples differ, or a label is not a class.
 */
function toSamples(features: NumberArray, labels: NumberArray, classes: number): Samples {
  const read = toFeatures(features);
  const values = integerLabels(labels);
  if (values.length !== read.count) {
    throw new TypeError(
      `Cannot read "${labels.origin}": expected ${read.count} labels, one for each sample of ` +
        `"${features.origin}": received ${values.length}`,
    );
  }
  return { ...read, labels: validateLabels(values, classes, labels.origin) };
}

/**
 * Throws a RangeError if a feature is not finite in 32 bits, given the features rounded to 32 bits and the
 * array with the original ones.
 */
function expectFinite(rounded: Float32Array, { origin, shape, values }: NumberArray): void {
  const bad = rounded.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const features = values.length / shape[0];
  throw new RangeError(
    `Cannot read "${origin}": expected finite 32-bit numbers: received ${values[bad]} as feature ` +
      `${bad % features} of sample ${Math.floor(bad / features)}`,
  );
}

/**
 * Returns the elements of an array of labels. Throws a TypeError if the array has a floating-point type or
 * not exactly one dimension.
 */
function integerLabels({ origin, type, shape, values }: NumberArray): NumberArray["values"] {
  if (type.startsWith("f") || shape.length !== 1) {
    throw new TypeError(
      `Cannot read "${origin}": expected labels, integers of 1 dimension: ` +
        `received ${type} of shape [${shape.join(", ")}]`,
    );
  }
  return values;
}

/**
 * Returns labels as 16-bit integers. Throws a RangeError if one is not from 0 to the number of classes − 1.
 */
function validateLabels(
  labels: NumberArray["values"],
  classes: number,
  origin: string,
): Uint16Array<ArrayBuffer> {
  const bound = Math.min(classes, MOST_CLASSES);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (label < 0 || label >= bound) {
      throw new RangeError(
        `Cannot read "${origin}": expected labels from 0 to ${bound - 1}, the number of classes ` +
          `less 1: received ${label} for sample ${row}`,
      );
    }
  }
  return Uint16Array.from(labels);
}

/** Returns the largest label, or 65,535 if a label is larger than that. Returns 0 for no labels. */
function largestLabel(labels: NumberArray["values"]): number {
  let most = 0;
  for (let row = 0; row < labels.length; row++) most = Math.max(most, labels[row]);
  return Math.min(most, MOST_CLASSES - 1); // validateLabels() rejects larger ones
}
