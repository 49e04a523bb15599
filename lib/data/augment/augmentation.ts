/**
 * The interface of augmentations: random changes of images that keep their class, or that mix images and
 * state the weights of their classes.
 *
 * @module
 */

import {
  type AffineMap,
  type Displacement,
  fill,
  type ImageSize,
  type Key,
  type Tensor,
  warp,
} from "../../tensor/mod.ts";

/** The images of a batch between two augmentations. */
export interface Images {
  /** Rows of an 8-bit data set, augmented so far [batch, height · width]. */
  readonly x: Tensor;
  /** Height and width of an image. */
  readonly size: ImageSize;
  /** Warp that is not applied yet. A displacement after it is combined with it into one interpolation. */
  readonly map?: AffineMap;
  /** Weights, if each image is mixed with the next one, the last with the first. */
  readonly mix?: Mix;
}

/** Weights of a mixture of each image with the next one. */
export interface Mix {
  /** Weight of the image itself and of its label, from 0 to 1, [batch]. */
  readonly weight: Tensor;
}

/** The inputs of random numbers. A sample is augmented in the same way if they are equal. */
export interface AugmentationContext {
  /** Key of this augmentation for one purpose. */
  readonly key: Key;
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer []. */
  readonly step: Tensor;
  /** Inputs for the tensors of {@linkcode Augmentation.constants}. */
  readonly constants: Readonly<Record<string, Tensor>>;
}

/** A random change of images, as pure functions. */
export interface Augmentation {
  /** Whether it mixes images of different classes, which is of use in training only. */
  readonly isMixture: boolean;
  /** Returns tensors, by name, that are computed once before the first step. Defaults to none. */
  constants?(key: Key): Readonly<Record<string, Tensor>>;
  /** Returns the augmented images. */
  apply(images: Images, context: AugmentationContext): Images;
}

/** Applies the pending warp of images, combined with a displacement if there is one. */
export function applyPendingWarp(images: Images, displacement?: Displacement): Images {
  const { map, ...others } = images;
  if (map === undefined && displacement === undefined) return images;
  const { x, size } = images;
  return { ...others, x: warp(x, size, map ?? identityMap(x.shape[0]), displacement) };
}

/** Returns the map that moves no pixel. */
function identityMap(batch: number): AffineMap {
  const [zero, one] = [fill(0, [batch]), fill(1, [batch])];
  return { xx: one, xy: zero, atX: zero, yx: zero, yy: one, atY: zero };
}
