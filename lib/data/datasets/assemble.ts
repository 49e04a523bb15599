/**
 * Data sets built from IDX files.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { readIdx } from "../formats/idx.ts";
import { assembleArrays, type Features, type NumberArray, toFeatures } from "./arrays.ts";
import type { LoadedFile } from "./source.ts";
import { defined } from "../../config/defined.ts";

/** Functions that convert arrays whose layout in the files differs from that of data sets. */
export interface ArrayChanges {
  /** Converts an array of images. Defaults to no change. */
  readonly imagesOf?: ((images: NumberArray) => NumberArray) | undefined;
  /** Converts an array of labels. Defaults to no change. */
  readonly labelsOf?: ((labels: NumberArray) => NumberArray) | undefined;
}

/** The IDX files of a data set, with its name and classes. */
export interface IdxFiles extends ArrayChanges {
  /** Name of the data set. */
  readonly name: string;
  /** Names of the classes. Defaults to the numbers from 0 to the largest training label, as texts. */
  readonly classes?: readonly string[] | undefined;
  /** Remark for readers of the report. */
  readonly note?: string | undefined;
  /** File of the training samples [samples, …]. */
  readonly images: LoadedFile;
  /** File of the training labels [samples], integers. */
  readonly labels: LoadedFile;
  /** File of the test samples. Requires `testLabels`. */
  readonly testImages?: LoadedFile | undefined;
  /** File of the test labels. Requires `testImages`. */
  readonly testLabels?: LoadedFile | undefined;
}

/**
 * Builds a data set from IDX files.
 *
 * @throws {SyntaxError} if a file is not an IDX file of the length in its header
 * @throws {TypeError} if shapes or element types do not fit: different numbers of images and labels, labels
 *     other than one integer per sample, test samples of another shape
 * @throws {RangeError} if there are no samples, a label is not a class, or a feature is not finite
 */
export function assembleIdx(files: IdxFiles): Dataset {
  const { name, note, classes, images, labels, testImages, testLabels } = files;
  const all = [images, labels, testImages, testLabels].filter((file) => file !== undefined);
  const { imagesOf = (array) => array, labelsOf = (array) => array } = files;
  const [features, trainLabels] = [
    imagesOf(decodeIdxArray(images)),
    labelsOf(decodeIdxArray(labels)),
  ];
  const test = testImages === undefined || testLabels === undefined ? {} : {
    testFeatures: imagesOf(decodeIdxArray(testImages)),
    testLabels: labelsOf(decodeIdxArray(testLabels)),
  };
  const dataset = {
    ...assembleArrays({ name, classes, features, labels: trainLabels, ...test }),
    ...defined({ note }),
  };
  // if the features are copies, hashing now allows the files' bytes to be freed
  if (dataset.train.values.buffer !== images.bytes.buffer) {
    return { ...dataset, hashes: fileHashes(all) };
  }
  return {
    ...dataset,
    get hashes() {
      return fileHashes(all);
    },
  };
}

/**
 * Returns the name and the SHA-256 of each file, in order. This computes hashes that were not read before.
 */
function fileHashes(files: readonly LoadedFile[]): Dataset["hashes"] {
  return files.map(({ name, sha256 }) => ({ file: name, sha256 }));
}

/** Decodes an IDX file as an array of numbers. */
function decodeIdxArray({ bytes, origin }: Pick<LoadedFile, "bytes" | "origin">): NumberArray {
  return { ...readIdx(bytes, origin), origin };
}

/**
 * Decodes the samples in an IDX file, of which `bytes` is the decompressed content, as features without
 * labels.
 */
export function readFeatures(file: Pick<LoadedFile, "bytes" | "origin">): Features {
  return toFeatures(decodeIdxArray(file));
}
