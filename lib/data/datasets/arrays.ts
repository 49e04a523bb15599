import { MOST_CLASSES } from "../formats/classes.ts";
import type { Dataset, Samples } from "../dataset.ts";
import type { Npy } from "../formats/npy.ts";
import { toFloat32 } from "../formats/rows.ts";

/** An array of numbers as a file holds it. */
export interface NumberArray {
  /** The file, and the array's name in it if it has one. */
  readonly origin: string;
  /** Name of the element type: `u8`, `i64`, `f32`. */
  readonly type: string;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Elements, row-major. */
  readonly values: Npy["values"];
}

/** Arrays of a data set, and what they do not say themselves. */
export interface Arrays {
  /** Name of the data set. */
  readonly name: string;
  /** Names of the classes; if missing, the numbers from 0 to the largest training label. */
  readonly classes?: readonly string[] | undefined;
  /** Samples to learn from: [samples, …]. */
  readonly features: NumberArray;
  /** Their labels: [samples], integers. */
  readonly labels: NumberArray;
  /** Samples to test on; given with `testLabels` or not at all. */
  readonly testFeatures?: NumberArray | undefined;
  /** Their labels. */
  readonly testLabels?: NumberArray | undefined;
}

/**
 * The data set that arrays hold, but for the hashes of the files that these come from.
 *
 * @throws {TypeError} if shapes or element types do not fit
 * @throws {RangeError} if there are no samples, a label names no class or a feature is not finite
 */
export function assembleArrays(arrays: Arrays): Omit<Dataset, "hashes"> {
  const { name, features, labels, testFeatures, testLabels } = arrays;
  const classes = arrays.classes ??
    Array.from({ length: largest(labelValues(labels)) + 1 }, (_, label) => `${label}`);
  const train = samplesOf(features, labels, classes.length);
  if (testFeatures === undefined || testLabels === undefined) return { name, classes, train };
  const test = samplesOf(testFeatures, testLabels, classes.length);
  if (`${test.shape}` !== `${train.shape}`) {
    throw new TypeError(
      `Cannot read "${testFeatures.origin}": expected samples of shape ` +
        `[${train.shape.join(", ")}], as in "${features.origin}": ` +
        `received [${test.shape.join(", ")}]`,
    );
  }
  return { name, classes, ...sameType(train, test) };
}

/** Both as they are if they are of one type, else both as 32-bit numbers: 8 bits are those too. */
export function sameType(
  train: Samples,
  test: Samples,
): { readonly train: Samples; readonly test: Samples } {
  if (train.values.BYTES_PER_ELEMENT === test.values.BYTES_PER_ELEMENT) return { train, test };
  return {
    train: { ...train, values: toFloat32(train.values) },
    test: { ...test, values: toFloat32(test.values) },
  };
}

export type Features = Omit<Samples, "labels">;

export function featuresOf(array: NumberArray): Features {
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

function samplesOf(features: NumberArray, labels: NumberArray, classes: number): Samples {
  const read = featuresOf(features);
  const values = labelValues(labels);
  if (values.length !== read.count) {
    throw new TypeError(
      `Cannot read "${labels.origin}": expected ${read.count} labels, one for each sample of ` +
        `"${features.origin}": received ${values.length}`,
    );
  }
  return { ...read, labels: checkedLabels(values, classes, labels.origin) };
}

function expectFinite(rounded: Float32Array, { origin, shape, values }: NumberArray): void {
  const bad = rounded.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  const features = values.length / shape[0];
  throw new RangeError(
    `Cannot read "${origin}": expected finite 32-bit numbers: received ${values[bad]} as feature ` +
      `${bad % features} of sample ${Math.floor(bad / features)}`,
  );
}

function labelValues({ origin, type, shape, values }: NumberArray): NumberArray["values"] {
  if (type.startsWith("f") || shape.length !== 1) {
    throw new TypeError(
      `Cannot read "${origin}": expected labels, integers of 1 dimension: ` +
        `received ${type} of shape [${shape.join(", ")}]`,
    );
  }
  return values;
}

/** The labels in 16 bits, after each was seen to name a class. */
function checkedLabels(
  labels: NumberArray["values"],
  classes: number,
  what: string,
): Uint16Array<ArrayBuffer> {
  const bound = Math.min(classes, MOST_CLASSES);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row];
    if (label < 0 || label >= bound) {
      throw new RangeError(
        `Cannot read "${what}": expected labels from 0 to ${bound - 1}, the number of classes ` +
          `less 1: received ${label} for sample ${row}`,
      );
    }
  }
  return Uint16Array.from(labels);
}

function largest(labels: NumberArray["values"]): number {
  let most = 0;
  for (let row = 0; row < labels.length; row++) most = Math.max(most, labels[row]);
  return Math.min(most, MOST_CLASSES - 1); // what is larger is refused where labels are checked
}
