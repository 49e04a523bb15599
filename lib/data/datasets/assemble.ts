/**
 * Data sets from IDX files.
 *
 * @module
 */
import type { Dataset } from "../dataset.ts";
import { readIdx } from "../formats/idx.ts";
import { assembleArrays, type Features, type NumberArray, toFeatures } from "./arrays.ts";
import type { LoadedFile } from "./source.ts";
import { defined } from "../../config/defined.ts";

/** Conversions of arrays that files store in another form. */
export interface ArrayChanges {
  /** Converts the images of a file. Defaults to no change. */
  readonly imagesOf?: ((images: NumberArray) => NumberArray) | undefined;
  /** Converts the labels of a file. Defaults to no change. */
  readonly labelsOf?: ((labels: NumberArray) => NumberArray) | undefined;
}

/** IDX files of a data set, with its name and classes. */
export interface IdxFiles extends ArrayChanges {
  /** Name of the data set. */
  readonly name: string;
  /** Names of the classes. Defaults to the numbers from 0 to the largest training label. */
  readonly classes?: readonly string[] | undefined;
  /** Remark for readers of the report. */
  readonly note?: string | undefined;
  /** Training samples: [samples, …]. */
  readonly images: LoadedFile;
  /** Training labels: [samples], integers. */
  readonly labels: LoadedFile;
  /** Test samples. */
  readonly testImages?: LoadedFile | undefined;
  /** Test labels. */
  readonly testLabels?: LoadedFile | undefined;
}

/**
 * Returns the data set of IDX files.
 *
 * @throws {SyntaxError} if a file is not an IDX file of the length in its header
 * @throws {TypeError} if shapes or element types do not fit: different numbers of images and labels,
 *     labels other than one integer per sample, test samples of another shape
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

function fileHashes(files: readonly LoadedFile[]): Dataset["hashes"] {
  return files.map(({ name, sha256 }) => ({ file: name, sha256 }));
}

function decodeIdxArray({ bytes, origin }: Pick<LoadedFile, "bytes" | "origin">): NumberArray {
  return { ...readIdx(bytes, origin), origin };
}

/** Returns the samples of an IDX file without labels. */
export function readFeatures(file: Pick<LoadedFile, "bytes" | "origin">): Features {
  return toFeatures(decodeIdxArray(file));
}
