/**
 * The registry of augmentations. A new one is a file in this folder and an entry here.
 *
 * @module
 */

import { type Registry, registry } from "../../config/registry.ts";
import { affineEntry } from "./affine.ts";
import { cutoutEntry } from "./cutout.ts";
import { elasticEntry } from "./elastic.ts";
import { mixupEntry } from "./mixup.ts";
import { noiseEntry } from "./noise.ts";

export type { Augmentation, AugmentationContext, Images, Mix } from "./augmentation.ts";
export { affine, type AffineOptions } from "./affine.ts";
export { cutout, type CutoutOptions } from "./cutout.ts";
export { elastic, type ElasticOptions } from "./elastic.ts";
export { mixup, type MixupOptions } from "./mixup.ts";
export { noise, type NoiseOptions } from "./noise.ts";
export {
  type Augmented,
  augmentedRows,
  type BatchContext,
  type ImageDeformations,
  imageDeformations,
  precomputedTensors,
  withoutMixtures,
} from "./rows.ts";

/** The entries of the registry of augmentations, by name. */
export const augmentationTable = {
  affine: affineEntry,
  elastic: elasticEntry,
  noise: noiseEntry,
  cutout: cutoutEntry,
  mixup: mixupEntry,
};

/**
 * The registry of augmentations, which change training images at random. `create` returns an {@link
 * Augmentation}.
 */
export const augmentations: Registry<typeof augmentationTable> = registry(
  "augmentation",
  augmentationTable,
);
