/**
 * Published variants of MNIST: four IDX files of the same names and shapes, with different content.
 *
 * @module
 */
import { assembleIdx } from "./assemble.ts";
import type { KnownFile, LoadedFile, PublishedSource } from "./source.ts";

/** Names of the four files, in the order of a source. */
export const FOUR_FILES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

interface MnistVariant {
  readonly name: string;
  readonly classes: readonly string[];
  /** Addresses to which a file's name and ".gz" are appended, in the order of trial. */
  readonly mirrors: readonly string[];
  /** SHA-256 of the decompressed files, in the order of {@link FOUR_FILES}. */
  readonly sha256: readonly [string, string, string, string];
  /** Bytes of the published .gz files, in the same order. */
  readonly packedBytes: readonly [number, number, number, number];
}

/** Bytes of the decompressed files: 60,000 and 10,000 samples of 28 × 28, with their headers. */
const BYTES = [47_040_016, 60_008, 7_840_016, 10_008] as const;

/** Returns the source of 60,000 training and 10,000 test images of 28 × 28 pixels in ten classes. */
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
    assemble: (files) => assembleIdx({ name, classes, ...filesByRole(files) }),
  };
}

/** Returns four files by their roles. */
export function filesByRole(
  files: readonly LoadedFile[],
): Readonly<Record<"images" | "labels" | "testImages" | "testLabels", LoadedFile>> {
  const [images, labels, testImages, testLabels] = files;
  if (!images || !labels || !testImages || !testLabels) {
    throw new TypeError(`Cannot assemble a data set: expected 4 files: received ${files.length}`);
  }
  return { images, labels, testImages, testLabels };
}
