/**
 * The data set `images`: the user's own folders of pictures.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import { MOST_CLASSES } from "../formats/classes.ts";
import { LONGEST_SIDE } from "../pictures/size.ts";
import type { Dataset } from "../dataset.ts";
import { assembleIdx } from "./assemble.ts";
import { type Hashes, hashesOption } from "./given.ts";
import { type LoadedFile, PICTURE_FILES, type PictureFile, type PictureSource } from "./source.ts";
import { defined } from "../../config/defined.ts";

/** Options of {@link images}. */
export interface ImagesOptions {
  /**
   * Path of the folder of pictures. Optional if `sha256` and `classes` are set, with the hashes of the
   * converted images and labels.
   */
  readonly path?: string | undefined;
  /**
   * SHA-256 of the IDX files to which the pictures are converted. Pictures that are converted to other
   * content are rejected.
   */
  readonly sha256?: Hashes<PictureFile> | undefined;
  /**
   * Size [height, width] to which pictures are resized. By default, all pictures must have the same size.
   */
  readonly size?: readonly number[] | undefined;
  /** Names of the classes, in order. Defaults to the names of the subfolders. */
  readonly classes?: readonly string[] | undefined;
}

const side = z.int().min(1).max(LONGEST_SIDE);

const options = z.strictObject({
  path: z.string().min(1).optional()
    .describe(
      "folder of pictures, PNG or JPEG: a subfolder for each class, or train and test with these",
    ),
  sha256: hashesOption(...PICTURE_FILES),
  size: z.array(side).min(2).max(2).optional()
    .describe(
      "height and width that pictures are resized to; those of all pictures if missing",
    ),
  classes: z.array(z.string().min(1)).min(1).max(MOST_CLASSES).optional()
    .describe("names of the classes in their order; by default sorted by value or name"),
}).refine(
  ({ path, sha256, classes }) =>
    path !== undefined ||
    (sha256?.images !== undefined && sha256.labels !== undefined && classes !== undefined),
  {
    message: "expected a path, or the sha256 of images and labels with the classes",
    path: ["path"],
  },
).refine(
  ({ sha256 }) => (sha256?.testImages === undefined) === (sha256?.testLabels === undefined),
  { message: "expected both testImages and testLabels, or neither", path: ["sha256"] },
);

/** Returns a data source that reads a folder of pictures as grey images. */
export function images({ path, sha256 = {}, size, classes }: ImagesOptions): PictureSource {
  const [height, width] = size ?? [];
  return {
    kind: "pictures",
    name: "images",
    sha256,
    ...defined({ path, classes }),
    ...(height === undefined || width === undefined ? {} : { size: { height, width } }),
    assemble(files, classes) {
      const { images, labels, testImages, testLabels } = files;
      if (!images || !labels) {
        throw new TypeError("Cannot assemble a data set: expected images and labels");
      }
      const dataset = assembleIdx({
        name: "images",
        classes,
        images,
        labels,
        testImages,
        testLabels,
      });
      checkImageSize(dataset, size, images);
      return withDetectedOptions(dataset, { size: dataset.train.shape, classes });
    },
  };
}

/**
 * Throws a TypeError if the images of a data set do not have the size in the config. Sizes can differ if
 * the images were found by their SHA-256 and not converted. The last parameter is the file of the images.
 */
function checkImageSize(
  { train: { shape } }: Dataset,
  size: ImagesOptions["size"],
  { origin }: LoadedFile,
): void {
  if (size === undefined || `${shape}` === `${size}`) return;
  throw new TypeError(
    `Cannot read "${origin}": expected images of [${size.join(", ")}], the size in the config: ` +
      `received [${shape.join(", ")}]`,
  );
}

/**
 * Returns a copy of a data set with detected options as `found`. The hashes of the copy are still computed
 * only when they are read.
 */
function withDetectedOptions(dataset: Dataset, detected: Dataset["found"]): Dataset {
  return Object.defineProperties({} as Dataset, {
    ...Object.getOwnPropertyDescriptors(dataset),
    found: { value: detected, enumerable: true },
  });
}

export const imagesEntry: Entry<ImagesOptions, PictureSource> = entry({
  doc: "Your own pictures, PNG or JPEG: a folder with a subfolder for each class",
  options,
  paths: ["path"],
  create: images,
});
