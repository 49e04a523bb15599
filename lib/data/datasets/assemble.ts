import type { Dataset } from "../dataset.ts";
import { readIdx } from "../formats/idx.ts";
import { assembleArrays, type Features, featuresOf, type NumberArray } from "./arrays.ts";
import type { LoadedFile } from "./source.ts";
import { defined } from "../../config/defined.ts";

/** What is done to arrays before anything else, where files hold them in other forms. */
export interface ArrayChanges {
  /** The images, of those in a file; as they are if not given. */
  readonly imagesOf?: ((images: NumberArray) => NumberArray) | undefined;
  /** The labels, of those in a file; as they are if not given. */
  readonly labelsOf?: ((labels: NumberArray) => NumberArray) | undefined;
}

/** IDX files of a data set, and what they do not say themselves. */
export interface IdxFiles extends ArrayChanges {
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
  const { name, note, classes, images, labels, testImages, testLabels } = files;
  const all = [images, labels, testImages, testLabels].filter((file) => file !== undefined);
  const { imagesOf = (array) => array, labelsOf = (array) => array } = files;
  const [features, trainLabels] = [imagesOf(idxArray(images)), labelsOf(idxArray(labels))];
  const test = testImages === undefined || testLabels === undefined ? {} : {
    testFeatures: imagesOf(idxArray(testImages)),
    testLabels: labelsOf(idxArray(testLabels)),
  };
  const dataset = {
    ...assembleArrays({ name, classes, features, labels: trainLabels, ...test }),
    ...defined({ note }),
  };
  // Features that are copies do not need the bytes any more
  if (dataset.train.values.buffer !== images.bytes.buffer) {
    return { ...dataset, hashes: hashesOf(all) };
  }
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

function idxArray({ bytes, origin }: Pick<LoadedFile, "bytes" | "origin">): NumberArray {
  return { ...readIdx(bytes, origin), origin };
}

export function readFeatures(file: Pick<LoadedFile, "bytes" | "origin">): Features {
  return featuresOf(idxArray(file));
}
