/**
 * The data set `npz`: the user's own NumPy arrays.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import { MOST_CLASSES } from "../formats/classes.ts";
import { type Npz, openNpz, readNpzBytes } from "../formats/npz.ts";
import { readZipOutline } from "../formats/zip.ts";
import { type Arrays, arrayWithoutElements, assembleArrays, type NumberArray } from "./arrays.ts";
import { filesWithPathOrHash, type Hashes, hashesOption } from "./given.ts";
import type { GivenSource } from "./source.ts";

/** Options of {@link npz}. */
export interface NpzOptions {
  /** Path of the .npz file. Optional if `sha256` states its hash. */
  readonly path?: string | undefined;
  /** SHA-256 of the file. A file with other content is rejected. */
  readonly sha256?: Hashes<"arrays"> | undefined;
  /**
   * Name of the array of training samples. Defaults to `x_train`, or else to the only array of 2 or more
   * dimensions that is not of the shape [samples, 1].
   */
  readonly features?: string | undefined;
  /**
   * Name of the array of training labels. Defaults to `y_train`, or else to the only array of the shape
   * [samples] or [samples, 1].
   */
  readonly labels?: string | undefined;
  /**
   * Name of the array of test samples. Requires `testLabels`. Defaults to `x_test`, if the file has both
   * `x_test` and `y_test`.
   */
  readonly testFeatures?: string | undefined;
  /**
   * Name of the array of test labels. Requires `testFeatures`. Defaults to `y_test`, if there is one.
   */
  readonly testLabels?: string | undefined;
  /**
   * Names of the classes, in the order of the labels. Defaults to the numbers of the classes, as texts.
   */
  readonly classes?: readonly string[] | undefined;
}

const options = z.strictObject({
  path: z.string().min(1).optional().describe("path of the file"),
  sha256: hashesOption("arrays"),
  features: z.string().min(1).optional()
    .describe(
      "array of the training samples; by default x_train, or the only one of 2 or more dimensions",
    ),
  labels: z.string().min(1).optional()
    .describe(
      "array of the training labels, integers from 0; by default y_train, or the only one of 1 dimension",
    ),
  testFeatures: z.string().min(1).optional()
    .describe("array of the test samples; by default x_test, if there is one"),
  testLabels: z.string().min(1).optional()
    .describe("array of the test labels; by default y_test, if there is one"),
  classes: z.array(z.string().min(1)).min(1).max(MOST_CLASSES).optional()
    .describe("names of the classes, in the order of the labels; by default their numbers"),
}).refine(
  ({ testFeatures, testLabels }) => (testFeatures === undefined) === (testLabels === undefined),
  { message: "expected both testFeatures and testLabels, or neither", path: ["testFeatures"] },
).refine(({ path, sha256 }) => path !== undefined || sha256?.arrays !== undefined, {
  message: "expected a path, or the sha256 of the arrays",
  path: ["path"],
});

/**
 * Returns a data source that reads samples of any shape, and labels, from a .npz file written by
 * numpy.savez.
 */
export function npz(options: NpzOptions): GivenSource {
  return {
    kind: "given",
    name: "npz",
    files: filesWithPathOrHash({ arrays: options.path }, options.sha256),
    async load([file]) {
      if (!file) throw new TypeError("Cannot assemble a data set: expected a file");
      const { origin } = file;
      const content = await readNpzBytes(file);
      const { classes } = options;
      const dataset = assembleArrays({
        name: "npz",
        classes,
        ...selectArrays(openNpz(content.bytes, origin), options, origin),
      });
      return { ...dataset, hashes: [{ file: "arrays", sha256: content.sha256 }] };
    },
    async outline([file]) {
      const { origin } = file;
      const { classes } = options;
      const arrays = openNpz(await readZipOutline(file), origin);
      const dataset = assembleArrays({
        name: "npz",
        classes,
        ...selectArrays(arrays, options, origin, readFeatureShape),
      });
      return { dataset: { ...dataset, hashes: [] }, share: 1 };
    },
  };
}

/**
 * Reads the arrays of a data set from a .npz file. Their names are those in the options, or else those that
 * Keras uses, such as "x_train", or else those of the only arrays of a suitable shape. `readFeatures` reads
 * an array of features, given the file, the name of the array, and `origin`.
 */
function selectArrays(
  file: Npz,
  { features, labels, testFeatures, testLabels }: NpzOptions,
  origin: string,
  readFeatures = readFeatureArray,
): Omit<Arrays, "name" | "classes"> {
  const has = (name: string) => file.names.includes(name) ? name : undefined;
  const isTested = has("x_test") !== undefined && has("y_test") !== undefined;
  const tested = [testFeatures ?? (isTested ? "x_test" : undefined), testLabels ?? has("y_test")];
  const [x = findOnlyArray(file, "features", tested, origin)] = [features ?? has("x_train")];
  const [y = findOnlyArray(file, "labels", tested, origin)] = [labels ?? has("y_train")];
  const [testX, testY] = tested;
  return {
    features: readFeatures(file, x, origin),
    labels: readLabelArray(file, y, origin),
    ...(testX === undefined || testY === undefined ? {} : {
      testFeatures: readFeatures(file, testX, origin),
      testLabels: readLabelArray(file, testY, origin),
    }),
  };
}

/** Largest number of arrays that a message lists. */
const MOST_ARRAYS = 12;

/**
 * Returns the name of the only array in a .npz file that has the shape of labels, [samples] or [samples,
 * 1], or else of features, any other shape of 2 or more dimensions, as `role` states.
 *
 * @param others names of arrays that are not considered, since they have another role
 * @param origin name of the file in error messages
 * @throws {RangeError} if there is no such array, or more than one
 */
export function findOnlyArray(
  file: Npz,
  role: "features" | "labels",
  others: readonly (string | undefined)[],
  origin: string,
): string {
  const arrays = file.names.filter((name) => !others.includes(name))
    .map((name) => ({ name, ...file.header(name) }));
  const isLabels = role === "labels";
  const [found, another] = arrays.filter(({ shape }) =>
    shape.length > 0 && isLabels === isLabelShape(shape)
  );
  if (found !== undefined && another === undefined) return found.name;
  const listed = arrays.slice(0, MOST_ARRAYS)
    .map(({ name, type, shape }) => `"${name}" ${type} [${shape.join(", ")}]`);
  throw new RangeError(
    `Cannot read "${origin}": expected an array "${isLabels ? "y_train" : "x_train"}", or only ` +
      `one of ${isLabels ? "1 dimension" : "2 or more dimensions"}, or its name as "${role}" in ` +
      `the config: received ${listed.length === 0 ? "no arrays" : listed.join(", ")}`,
  );
}

/** Returns whether an array of this shape can be labels: [samples], or a column [samples, 1]. */
function isLabelShape(shape: readonly number[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

/**
 * Reads an array of features from a .npz file, given the name of the array and the name of the file in
 * error messages. 8-bit features are copied to shared memory.
 */
export function readFeatureArray(file: Npz, name: string, origin: string): NumberArray {
  const array = { ...file.read(name), origin: `${origin}: ${name}` };
  const { values } = array;
  if (!(values instanceof Uint8Array)) return array;
  const shared = new Uint8Array(new SharedArrayBuffer(values.length));
  shared.set(values);
  return { ...array, values: shared };
}

/**
 * Returns an array of features from a .npz file with its shape but without its elements, see {@linkcode
 * arrayWithoutElements}.
 */
function readFeatureShape(file: Npz, name: string, origin: string): NumberArray {
  return arrayWithoutElements(file.header(name), `${origin}: ${name}`);
}

/**
 * Reads an array of labels [samples] or [samples, 1] from a .npz file as [samples]. If all
 * floating-point labels are whole numbers, they count as integers. An array of another shape or type is returned
 * unchanged.
 */
function readLabelArray(file: Npz, name: string, origin: string): NumberArray {
  const array = { ...file.read(name), origin: `${origin}: ${name}` };
  const { type, shape, values } = array;
  const isWhole = !type.startsWith("f") || values.every((value) => Number.isInteger(value));
  return {
    ...array,
    shape: isLabelShape(shape) ? shape.slice(0, 1) : shape,
    type: isWhole ? type.replace("f", "i") : type,
  };
}

export const npzEntry: Entry<NpzOptions, GivenSource> = entry({
  doc: "Your own arrays, written by numpy.savez: samples of any shape, and integers as labels",
  options,
  paths: ["path"],
  create: npz,
});
