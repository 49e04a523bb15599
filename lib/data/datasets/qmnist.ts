/**
 * QMNIST: the digits of MNIST reconstructed from their sources, and the 50,000 test digits that had been
 * lost (Yadav and Bottou, "Cold case: the lost MNIST digits", NeurIPS 2019, arXiv:1905.10498). Its files
 * are at https://github.com/facebookresearch/qmnist.
 *
 * A label is a row of eight integers. The first is the class; the others identify the writer and the place
 * in NIST's collection.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import type { NumberArray } from "./arrays.ts";
import { type FolderOptions, folderOptions, folderSource } from "./folder.ts";
import { DIGITS } from "./mnist.ts";
import type { GivenSource } from "./source.ts";

/** Number of integers in each label of QMNIST. */
const COLUMNS = 8;

/**
 * Returns a data source that reads QMNIST from files in a folder: 60,000 digits for training and 60,000 for
 * testing.
 */
export function qmnist({ directory, sha256 }: FolderOptions = {}): GivenSource {
  return folderSource({
    name: "qmnist",
    directory,
    sha256,
    classes: DIGITS,
    labelsOf: firstColumn,
    files: [
      "qmnist-train-images-idx3-ubyte",
      "qmnist-train-labels-idx2-int",
      "qmnist-test-images-idx3-ubyte",
      "qmnist-test-labels-idx2-int",
    ],
  });
}

/**
 * Returns the first column of QMNIST's array of labels, the classes: [samples, 8] → [samples]. Throws a
 * TypeError if the array has another shape.
 */
function firstColumn(labels: NumberArray): NumberArray {
  const [count = 0, width] = labels.shape;
  if (labels.shape.length !== 2 || width !== COLUMNS) {
    throw new TypeError(
      `Cannot read "${labels.origin}": expected labels of shape [samples, ${COLUMNS}]: ` +
        `received [${labels.shape.join(", ")}]`,
    );
  }
  const values = labels.values.filter((_, index) => index % COLUMNS === 0);
  return { ...labels, shape: [count], values };
}

export const qmnistEntry: Entry<FolderOptions, GivenSource> = entry({
  doc:
    "QMNIST: MNIST's digits reconstructed, with 60,000 test digits, 28 x 28, from your own folder",
  options: folderOptions,
  paths: ["directory"],
  create: qmnist,
});
