/**
 * Published variants of MNIST: four IDX files of the same names and shapes, with different content.
 *
 * @module
 */
import { assembleIdx } from "./assemble.ts";
import type { KnownFile, LoadedFile, PublishedSource } from "./source.ts";

/** Names of the four files of MNIST: training images, training labels, test images, test labels. */
export const FOUR_FILES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/**
 * A published data set whose files have the same names and the same decompressed lengths as those of MNIST.
 */
interface MnistVariant {
  readonly name: string;
  readonly classes: readonly string[];
  /** URLs of mirrors, to which the name of a file and ".gz" are appended. They are tried in order. */
  readonly mirrors: readonly string[];
  /** SHA-256 of the decompressed files, in the order of {@link FOUR_FILES}. */
  readonly sha256: readonly [string, string, string, string];
  /**
   * Approximate lengths of the .gz files on the mirrors in bytes, in the order of {@link FOUR_FILES}.
   */
  readonly packedBytes: readonly [number, number, number, number];
}

/**
 * Lengths of the decompressed files in bytes, in the order of {@link FOUR_FILES}: headers, and 60,000 or
 * 10,000 samples of 28 × 28.
 */
const BYTES = [47_040_016, 60_008, 7_840_016, 10_008] as const;

/**
 * Returns the data source of a variant of MNIST, whose files are downloaded when it is loaded: 60,000
 * training and 10,000 test images of 28 × 28 pixels in ten classes.
 */
export function publishedSource(
  { name, classes, mirrors, sha256, packedBytes }: MnistVariant,
): PublishedSource {
  const file = (which: 0 | 1 | 2 | 3): KnownFile & { readonly packedBytes: number } => ({
    name: FOUR_FILES[which],
    bytes: BYTES[which],
    sha256: sha256[which],
    packedBytes: packedBytes[which],
  });
  return {
    kind: "published",
    name,
    files: [file(0), file(1), file(2), file(3)],
    mirrors,
    assemble: (files) => assembleIdx({ name, classes, ...assignRolesInOrder(files) }),
  };
}

/**
 * Returns the four files of a data set by their roles, given the files in the order training images,
 * training labels, test images, test labels.
 *
 * @throws {TypeError} if there are fewer than four
 */
export function assignRolesInOrder(
  files: readonly LoadedFile[],
): Readonly<Record<"images" | "labels" | "testImages" | "testLabels", LoadedFile>> {
  const [images, labels, testImages, testLabels] = files;
  if (!images || !labels || !testImages || !testLabels) {
    throw new TypeError(`Cannot assemble a data set: expected 4 files: received ${files.length}`);
  }
  return { images, labels, testImages, testLabels };
}
