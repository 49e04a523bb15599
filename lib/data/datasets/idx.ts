import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import { unpackIdx } from "../formats/idx.ts";
import { together } from "../together.ts";
import { assembleIdx } from "./assemble.ts";
import { loadedIdx } from "./loaded.ts";
import type { GivenSource } from "./source.ts";

/** Options of {@link idx}. */
export interface IdxOptions {
  /** Path of the training samples: [samples, …] of any element type. */
  readonly images: string;
  /** Path of the training labels: [samples], integers. */
  readonly labels: string;
  /** Path of the test samples; given with `testLabels` or not at all. */
  readonly testImages?: string | undefined;
  /** Path of the test labels. */
  readonly testLabels?: string | undefined;
  /** Names of the classes, in the order of the labels; else they are numbered. */
  readonly classes?: readonly string[] | undefined;
}

const options = z.strictObject({
  images: z.string().min(1).describe("file of the training samples: [samples, ...]"),
  labels: z.string().min(1).describe("file of the training labels: [samples], integers from 0"),
  testImages: z.string().min(1).optional().describe("file of the test samples"),
  testLabels: z.string().min(1).optional().describe("file of the test labels"),
  classes: z.array(z.string().min(1)).min(1).max(65_536).optional()
    .describe("names of the classes, in the order of the labels; numbered if missing"),
}).refine(
  ({ testImages, testLabels }) => (testImages === undefined) === (testLabels === undefined),
  { message: "expected both testImages and testLabels, or neither", path: ["testImages"] },
);

/** The source that reads IDX files, gzip or plain, with samples of any shape. */
export function idx({ images, labels, testImages, testLabels, classes }: IdxOptions): GivenSource {
  const paths = { images, labels, testImages, testLabels };
  const named = Object.entries(paths).flatMap(([name, path]) =>
    path === undefined ? [] : [{ name, path }]
  );
  return {
    kind: "given",
    name: "idx",
    files: named,
    async load(files) {
      const [images, labels, testImages, testLabels] = await together(
        files.map(async (file, i) => loadedIdx(await unpackIdx(file), file, named[i]?.name ?? "")),
      );
      if (!images || !labels) {
        throw new TypeError("Cannot assemble a data set: expected images and labels");
      }
      return assembleIdx({ name: "idx", classes, images, labels, testImages, testLabels });
    },
  };
}

export const idxEntry: Entry<IdxOptions, GivenSource> = entry({
  doc: "Your own files in the IDX format, gzip or plain",
  options,
  paths: ["images", "labels", "testImages", "testLabels"],
  create: idx,
});
