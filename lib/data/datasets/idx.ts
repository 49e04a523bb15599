/**
 * The data set `idx`: the user's own IDX files.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import type { StoredFile } from "../formats/gzip.ts";
import { readIdx, readIdxHeader, unpackIdx } from "../formats/idx.ts";
import { arrayWithoutElements, assembleArrays } from "./arrays.ts";
import { awaitAll } from "../await_all.ts";
import { assembleIdx } from "./assemble.ts";
import { toLoadedFile } from "./loaded.ts";
import { filesWithPathOrHash, type Hashes, hashesOption } from "./given.ts";
import type { GivenSource } from "./source.ts";

/** Options of {@link idx}. */
export interface IdxOptions {
  /**
   * Path of the training samples [samples, …], of any element type. Optional if `sha256` states the hash of
   * the file.
   */
  readonly images?: string | undefined;
  /**
   * Path of the training labels [samples], integers. Optional if `sha256` states the hash of the file.
   */
  readonly labels?: string | undefined;
  /** Path of the test samples. Requires `testLabels`. */
  readonly testImages?: string | undefined;
  /** Path of the test labels. Requires `testImages`. */
  readonly testLabels?: string | undefined;
  /** SHA-256 of the decompressed files. Files with other content are rejected. */
  readonly sha256?: Hashes<"images" | "labels" | "testImages" | "testLabels"> | undefined;
  /**
   * Names of the classes, in the order of the labels. Defaults to the numbers of the classes, as texts.
   */
  readonly classes?: readonly string[] | undefined;
}

const options = z.strictObject({
  images: z.string().min(1).optional().describe("file of the training samples: [samples, ...]"),
  labels: z.string().min(1).optional()
    .describe("file of the training labels: [samples], integers from 0"),
  testImages: z.string().min(1).optional().describe("file of the test samples"),
  testLabels: z.string().min(1).optional().describe("file of the test labels"),
  sha256: hashesOption("images", "labels", "testImages", "testLabels"),
  classes: z.array(z.string().min(1)).min(1).max(65_536).optional()
    .describe("names of the classes, in the order of the labels; by default their numbers"),
}).refine(hasPathOrHash("images"), {
  message: "expected a path, or the sha256 of the images",
  path: ["images"],
}).refine(hasPathOrHash("labels"), {
  message: "expected a path, or the sha256 of the labels",
  path: ["labels"],
}).refine((given) => hasPathOrHash("testImages")(given) === hasPathOrHash("testLabels")(given), {
  message: "expected both testImages and testLabels, or neither",
  path: ["testImages"],
});

/** Returns a predicate: whether options have a path or a hash for the file with this name. */
function hasPathOrHash(
  file: "images" | "labels" | "testImages" | "testLabels",
): (options: IdxOptions) => boolean {
  return ({ [file]: path, sha256 }) => path !== undefined || sha256?.[file] !== undefined;
}

/** Returns a data source that reads samples of any shape from IDX files, compressed by gzip or not. */
export function idx(
  { images, labels, testImages, testLabels, sha256, classes }: IdxOptions,
): GivenSource {
  const named = filesWithPathOrHash({ images, labels, testImages, testLabels }, sha256);
  return {
    kind: "given",
    name: "idx",
    files: named,
    async load(files) {
      const [images, labels, testImages, testLabels] = await awaitAll(
        files.map(async (file, i) =>
          toLoadedFile(await unpackIdx(file), file, named[i]?.name ?? "")
        ),
      );
      if (!images || !labels) {
        throw new TypeError("Cannot assemble a data set: expected images and labels");
      }
      return assembleIdx({ name: "idx", classes, images, labels, testImages, testLabels });
    },
    async outline([images, labels, testImages, testLabels]) {
      const shapeOf = async (file: StoredFile) =>
        arrayWithoutElements(await readIdxHeader(file), file.origin);
      const valuesOf = async (file: StoredFile) => {
        const { bytes } = await unpackIdx(file);
        return { ...readIdx(bytes, file.origin), origin: file.origin };
      };
      const dataset = assembleArrays({
        name: "idx",
        classes,
        features: await shapeOf(images),
        labels: await valuesOf(labels),
        ...(testImages === undefined ? {} : {
          testFeatures: await shapeOf(testImages),
          testLabels: await valuesOf(testLabels),
        }),
      });
      return { dataset: { ...dataset, hashes: [] }, share: 1 };
    },
  };
}

export const idxEntry: Entry<IdxOptions, GivenSource> = entry({
  doc: "Your own files in the IDX format, compressed by gzip or not",
  options,
  paths: ["images", "labels", "testImages", "testLabels"],
  create: idx,
});
