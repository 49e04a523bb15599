/**
 * EMNIST: handwritten letters and digits in the form of MNIST (Cohen, Afshar, Tapson and van Schaik,
 * "EMNIST: extending MNIST to handwritten letters", IJCNN 2017, arXiv:1702.05373, table II). All its splits
 * are in one archive, "gzip.zip", at https://www.nist.gov/itl/products-and-services/emnist-dataset.
 *
 * The files store images column by column, so images are transposed when they are read. In the splits
 * "balanced" and "bymerge", a lower-case letter that looks like its upper-case form has no class of its
 * own. In "letters", both forms of every letter are one class, and labels are numbered from 1.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { NumberArray } from "./arrays.ts";
import { type FolderOptions, folderOptions, folderSource } from "./folder.ts";
import { DIGITS } from "./mnist.ts";
import type { GivenSource } from "./source.ts";

const UPPER = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const LOWER = UPPER.map((letter) => letter.toLowerCase());

/**
 * Lower-case letters that have a class of their own in "balanced" and "bymerge", since they do not look
 * like their upper-case forms.
 */
const OWN_LOWER = [..."abdefghnqrt"];

const MERGED = [...DIGITS, ...UPPER, ...OWN_LOWER];

const SPLITS = ["balanced", "bymerge", "byclass", "letters", "digits", "mnist"] as const;

/** Names of the classes of each split, in the order of the labels. */
const CLASSES: Readonly<Record<typeof SPLITS[number], readonly string[]>> = {
  balanced: MERGED,
  bymerge: MERGED,
  byclass: [...DIGITS, ...UPPER, ...LOWER],
  letters: UPPER,
  digits: DIGITS,
  mnist: DIGITS,
};

/** Options of {@linkcode emnist}. */
export interface EmnistOptions extends FolderOptions {
  /** Name of the split of EMNIST. Defaults to "balanced". */
  readonly split?: "balanced" | "bymerge" | "byclass" | "letters" | "digits" | "mnist";
}

const options = z.strictObject({
  split: z.enum(SPLITS).default("balanced")
    .describe("split of EMNIST: balanced has 47 classes, byclass 62"),
  ...folderOptions.shape,
});

/**
 * Returns a data source that reads one split of EMNIST, with its training and test samples, from four IDX
 * files in a folder.
 */
export function emnist(overrides: EmnistOptions = {}): GivenSource {
  const { directory, sha256, split } = withDefaults(options, overrides);
  const file = (part: string, contents: string) => `emnist-${split}-${part}-${contents}-ubyte`;
  return folderSource({
    name: "emnist",
    directory,
    sha256,
    classes: CLASSES[split],
    imagesOf: transposeImages,
    labelsOf: split === "letters" ? subtractOne : undefined,
    files: [
      file("train", "images-idx3"),
      file("train", "labels-idx1"),
      file("test", "images-idx3"),
      file("test", "labels-idx1"),
    ],
  });
}

/**
 * Transposes each image: [samples, width, height] → [samples, height, width]. The result is in shared
 * memory. Throws a TypeError if the array is not u8 with 3 dimensions.
 */
function transposeImages(images: NumberArray): NumberArray {
  const { values, shape, origin, type } = images;
  const [count = 0, width = 0, height = 0] = shape;
  if (shape.length !== 3 || type !== "u8") {
    throw new TypeError(
      `Cannot read "${origin}": expected u8 of shape [samples, width, height]: ` +
        `received ${type} of shape [${shape.join(", ")}]`,
    );
  }
  const size = width * height;
  const turned = new Uint8Array(new SharedArrayBuffer(values.length));
  for (let start = 0; start < turned.length; start += size) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        turned[start + y * width + x] = values[start + x * height + y];
      }
    }
  }
  return { ...images, shape: [count, height, width], values: turned };
}

/** Subtracts 1 from labels that are numbered from 1, so that they are numbered from 0. */
function subtractOne(labels: NumberArray): NumberArray {
  return { ...labels, type: "i32", values: Int32Array.from(labels.values, (label) => label - 1) };
}

export const emnistEntry: Entry<EmnistOptions, GivenSource> = entry({
  doc: "EMNIST: handwritten letters and digits, 28 x 28, from your own folder",
  options,
  paths: ["directory"],
  create: emnist,
});
