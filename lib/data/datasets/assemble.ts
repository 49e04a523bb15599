/**
 * Makes a {@link Dataset} of IDX files, checking that they fit each other.
 *
 * @module
 */
import type { Dataset, Samples } from "../dataset.ts";
import { type Idx, readIdx } from "../idx.ts";
import type { LoadedFile } from "./source.ts";

/** The most classes that 16-bit labels can tell apart. */
const MOST_CLASSES = 65_536;

/** IDX files of a data set, and what they do not say themselves. */
export interface IdxFiles {
  /** Name of the data set. */
  readonly name: string;
  /** Names of the classes; if missing, the numbers from 0 to the largest training label. */
  readonly classes?: readonly string[] | undefined;
  /** What a reader of the report must know of the data. */
  readonly note?: string | undefined;
  /** Samples to learn from: [samples, …]. */
  readonly images: LoadedFile;
  /** Their labels: [samples], integers. */
  readonly labels: LoadedFile;
  /** Samples to test on. */
  readonly testImages?: LoadedFile | undefined;
  /** Their labels. */
  readonly testLabels?: LoadedFile | undefined;
}

/**
 * The data set that IDX files hold.
 *
 * @throws {SyntaxError} if a file is no IDX file of the length that its header says
 * @throws {TypeError} if shapes or element types do not fit: other counts of images and labels,
 *     labels that are not one integer a sample, test samples of another shape
 * @throws {RangeError} if there are no samples, a label names no class or a feature is not finite
 */
export function assembleIdx(files: IdxFiles): Dataset {
  const { name, note, images, labels, testImages, testLabels } = files;
  const trainLabels = readLabels(labels);
  const classes = files.classes ?? numbered(largest(trainLabels) + 1);
  const train = readSamples(images, labels, trainLabels, classes.length);
  const test = testImages === undefined || testLabels === undefined
    ? undefined
    : readSamples(testImages, testLabels, readLabels(testLabels), classes.length);
  if (test !== undefined && `${test.shape}` !== `${train.shape}`) {
    throw new TypeError(
      `Cannot read "${testImages?.origin}": expected samples of shape ` +
        `[${train.shape.join(", ")}], as in "${images.origin}": ` +
        `received [${test.shape.join(", ")}]`,
    );
  }
  const all = [images, labels, testImages, testLabels].filter((file) => file !== undefined);
  const dataset = {
    name,
    classes,
    train,
    ...(test === undefined ? {} : { test }),
    ...(note === undefined ? {} : { note }),
  };
  // Features that are copies do not need the bytes any more
  if (train.values.buffer !== images.bytes.buffer) return { ...dataset, hashes: hashesOf(all) };
  return {
    ...dataset,
    get hashes() {
      return hashesOf(all);
    },
  };
}

function hashesOf(files: readonly LoadedFile[]): Dataset["hashes"] {
  return files.map(({ name, sha256 }) => ({ file: name, sha256 }));
}

/** Features of some samples, without labels. */
export type Features = Omit<Samples, "labels">;

/**
 * The features that an IDX file holds, a row for each sample.
 *
 * @throws {SyntaxError} if it is no IDX file of the length that its header says
 * @throws {TypeError} if it has fewer than 2 dimensions
 * @throws {RangeError} if there are no samples, or a feature is not finite
 */
export function readFeatures(
  { bytes, origin }: Pick<LoadedFile, "bytes" | "origin">,
): Features {
  const idx = readIdx(bytes, origin);
  const [count = 0, ...shape] = idx.shape;
  if (shape.length === 0) {
    throw new TypeError(
      `Cannot read "${origin}": expected at least 2 dimensions, the samples and their ` +
        `features: received [${count}]`,
    );
  }
  if (idx.values.length === 0) {
    throw new RangeError(
      `Cannot read "${origin}": expected at least 1 sample of at least 1 feature: ` +
        `received [${idx.shape.join(", ")}]`,
    );
  }
  return { count, shape, values: features(idx, origin) };
}

/** Features and labels of one pair of files. */
function readSamples(
  images: LoadedFile,
  labelFile: LoadedFile,
  labels: Exclude<Idx, { readonly type: "f32" | "f64" }>["values"],
  classes: number,
): Samples {
  const read = readFeatures(images);
  if (labels.length !== read.count) {
    throw new TypeError(
      `Cannot read "${labelFile.origin}": expected ${read.count} labels, one for each sample of ` +
        `"${images.origin}": received ${labels.length}`,
    );
  }
  return { ...read, labels: checkedLabels(labels, classes, labelFile.origin) };
}

/** 8-bit features as they are; all others rounded to the nearest 32-bit floating point number. */
function features({ type, values }: Idx, what: string): Samples["values"] {
  if (type === "u8") return values;
  const rounded = type === "f32" ? values : Float32Array.from(values);
  const bad = rounded.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new RangeError(
      `Cannot read "${what}": expected finite 32-bit numbers: received ${values[bad]} ` +
        `as element ${bad}`,
    );
  }
  return rounded;
}

function readLabels(file: LoadedFile): Exclude<Idx, { type: "f32" | "f64" }>["values"] {
  const idx = readIdx(file.bytes, file.origin);
  if (idx.type === "f32" || idx.type === "f64" || idx.shape.length !== 1) {
    throw new TypeError(
      `Cannot read "${file.origin}": expected labels, integers of 1 dimension: ` +
        `received ${idx.type} of shape [${idx.shape.join(", ")}]`,
    );
  }
  return idx.values;
}

/** The labels in 16 bits, after each was seen to name a class. */
function checkedLabels(
  labels: ReturnType<typeof readLabels>,
  classes: number,
  what: string,
): Uint16Array<ArrayBuffer> {
  const bound = Math.min(classes, MOST_CLASSES);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (label < 0 || label >= bound) {
      throw new RangeError(
        `Cannot read "${what}": expected labels from 0 to ${bound - 1}, the number of classes ` +
          `less 1: received ${label} for sample ${row}`,
      );
    }
  }
  return Uint16Array.from(labels);
}

function largest(labels: ReturnType<typeof readLabels>): number {
  let most = 0;
  for (let row = 0; row < labels.length; row++) most = Math.max(most, labels[row] as number);
  return Math.min(most, MOST_CLASSES - 1); // what is larger is refused where labels are checked
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, label) => `${label}`);
}
