import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import { MOST_CLASSES } from "../formats/classes.ts";
import { type Npz, openNpz, readNpzBytes } from "../formats/npz.ts";
import { type Arrays, assembleArrays, type NumberArray } from "./arrays.ts";
import { givenFiles, type Hashes, hashesOption } from "./given.ts";
import type { GivenSource } from "./source.ts";

/** Options of {@link npz}. */
export interface NpzOptions {
  /** Path of the file; may be missing if it has a hash. */
  readonly path?: string | undefined;
  /** SHA-256 of the file. Other content is refused. */
  readonly sha256?: Hashes<"arrays"> | undefined;
  /** Name of the training samples; else `x_train`, else the only array of 2 or more dimensions. */
  readonly features?: string | undefined;
  /** Name of their labels; else `y_train`, else the only array of 1 dimension. */
  readonly labels?: string | undefined;
  /** Name of the test samples, with `testLabels`; else `x_test`, if there is one. */
  readonly testFeatures?: string | undefined;
  /** Name of their labels; else `y_test`, if there is one. */
  readonly testLabels?: string | undefined;
  /** Names of the classes, in the order of the labels; else they are numbered. */
  readonly classes?: readonly string[] | undefined;
}

const options = z.strictObject({
  path: z.string().min(1).optional().describe("the file"),
  sha256: hashesOption("arrays"),
  features: z.string().min(1).optional()
    .describe("array of the training samples; x_train or the only one of 2 or more dimensions"),
  labels: z.string().min(1).optional()
    .describe("array of their labels, integers from 0; y_train or the only one of 1 dimension"),
  testFeatures: z.string().min(1).optional()
    .describe("array of the test samples; x_test if there is one"),
  testLabels: z.string().min(1).optional()
    .describe("array of their labels; y_test if there is one"),
  classes: z.array(z.string().min(1)).min(1).max(MOST_CLASSES).optional()
    .describe("names of the classes, in the order of the labels; numbered if missing"),
}).refine(
  ({ testFeatures, testLabels }) => (testFeatures === undefined) === (testLabels === undefined),
  { message: "expected both testFeatures and testLabels, or neither", path: ["testFeatures"] },
).refine(({ path, sha256 }) => path !== undefined || sha256?.arrays !== undefined, {
  message: "expected a path, or the sha256 of the arrays",
  path: ["path"],
});

/** The source that reads arrays as numpy.savez writes them: samples of any shape, and labels. */
export function npz(options: NpzOptions): GivenSource {
  return {
    kind: "given",
    name: "npz",
    files: givenFiles({ arrays: options.path }, options.sha256),
    async load([file]) {
      if (!file) throw new TypeError("Cannot assemble a data set: expected a file");
      const { origin } = file;
      const content = await readNpzBytes(file);
      const { classes } = options;
      const dataset = assembleArrays({
        name: "npz",
        classes,
        ...arraysOf(openNpz(content.bytes, origin), options, origin),
      });
      return { ...dataset, hashes: [{ file: "arrays", sha256: content.sha256 }] };
    },
  };
}

/** The arrays of a data set, by the names that the options say or that are usual. */
function arraysOf(
  file: Npz,
  { features, labels, testFeatures, testLabels }: NpzOptions,
  origin: string,
): Omit<Arrays, "name" | "classes"> {
  const has = (name: string) => file.names.includes(name) ? name : undefined;
  const isTested = has("x_test") !== undefined && has("y_test") !== undefined;
  const tested = [testFeatures ?? (isTested ? "x_test" : undefined), testLabels ?? has("y_test")];
  const [x = soleArray(file, "features", tested, origin)] = [features ?? has("x_train")];
  const [y = soleArray(file, "labels", tested, origin)] = [labels ?? has("y_train")];
  const [testX, testY] = tested;
  return {
    features: featureArray(file, x, origin),
    labels: labelArray(file, y, origin),
    ...(testX === undefined || testY === undefined ? {} : {
      testFeatures: featureArray(file, testX, origin),
      testLabels: labelArray(file, testY, origin),
    }),
  };
}

/** Arrays that a message lists, at most. */
const MOST_ARRAYS = 12;

/**
 * The only array that could be the features, or the labels.
 *
 * @param others names of arrays that are something else
 */
export function soleArray(
  file: Npz,
  role: "features" | "labels",
  others: readonly (string | undefined)[],
  origin: string,
): string {
  const arrays = file.names.filter((name) => !others.includes(name))
    .map((name) => ({ name, ...file.header(name) }));
  const isLabels = role === "labels";
  const [found, another] = arrays.filter(({ shape }) =>
    shape.length > 0 && isLabels === isOneNumberEach(shape)
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

/** Labels may be a column: [samples] or [samples, 1]. */
function isOneNumberEach(shape: readonly number[]): boolean {
  return shape.length === 1 || (shape.length === 2 && shape[1] === 1);
}

export function featureArray(file: Npz, name: string, origin: string): NumberArray {
  const array = { ...file.read(name), origin: `${origin}: ${name}` };
  const { values } = array;
  if (!(values instanceof Uint8Array)) return array;
  const shared = new Uint8Array(new SharedArrayBuffer(values.length));
  shared.set(values);
  return { ...array, values: shared };
}

/** An array of labels. Whole numbers may be kept as fractions, as tables of numbers have them. */
function labelArray(file: Npz, name: string, origin: string): NumberArray {
  const array = { ...file.read(name), origin: `${origin}: ${name}` };
  const { type, shape, values } = array;
  const isWhole = !type.startsWith("f") || values.every((value) => Number.isInteger(value));
  return {
    ...array,
    shape: isOneNumberEach(shape) ? shape.slice(0, 1) : shape,
    type: isWhole ? type.replace("f", "i") : type,
  };
}

export const npzEntry: Entry<NpzOptions, GivenSource> = entry({
  doc: "Your own arrays as numpy.savez writes them: samples of any shape, and integers as labels",
  options,
  paths: ["path"],
  create: npz,
});
