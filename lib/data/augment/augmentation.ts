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

/** The images of a batch, to which some augmentations have been applied. */
export interface Images {
  /** Pixels of the images, 8-bit [batch, height · width]. */
  readonly x: Tensor;
  /** Height and width of an image. */
  readonly size: ImageSize;
  /**
   * Affine map of each image that is not applied to the pixels yet, if there is one. A displacement that
   * follows is combined with it, so that pixels are interpolated only once.
   */
  readonly map?: AffineMap;
  /**
   * Weights of the mixture, if each image has been mixed with the next one of the batch, and the last one
   * with the first.
   */
  readonly mix?: Mix;
}

/**
 * Weights of a mixture of each image of a batch with the next one, and of the last image with the first.
 */
export interface Mix {
  /**
   * Weight λ of each image and of its label [batch], from 0 to 1. The next image and its label have the
   * weight 1 − λ.
   */
  readonly weight: Tensor;
}

/**
 * Random key, samples and step from which the random numbers of an augmentation are computed. With equal
 * values, a sample is always augmented in the same way.
 */
export interface AugmentationContext {
  /** Key of the augmentation, different for training and evaluation. */
  readonly key: Key;
  /** Row of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the training step; in evaluation, number of the augmented copy. Integer []. */
  readonly step: Tensor;
  /** Graph inputs through which steps read the tensors of {@linkcode Augmentation.constants}, by name. */
  readonly constants: Readonly<Record<string, Tensor>>;
}

/** A random change of images in training, as pure functions. */
export interface Augmentation {
  /**
   * Whether the augmentation mixes images of different classes. Such augmentations are used in training
   * only.
   */
  readonly isMixture: boolean;
  /**
   * Returns the tensors that the augmentation needs computed once, before the first step, by name. `key` is
   * the key of their random numbers. Absent if there are none.
   */
  constants?(key: Key): Readonly<Record<string, Tensor>>;
  /** Returns the augmented images of a batch, as an expression of the given ones. */
  apply(images: Images, context: AugmentationContext): Images;
}

/**
 * Returns images with their pending affine map and a displacement applied in one interpolation. Returns the
 * images unchanged if there is neither.
 */
export function applyPendingWarp(images: Images, displacement?: Displacement): Images {
  const { map, ...others } = images;
  if (map === undefined && displacement === undefined) return images;
  const { x, size } = images;
  return { ...others, x: warp(x, size, map ?? identityMap(x.shape[0]), displacement) };
}

/** Returns the affine map that leaves a batch of images unchanged. */
function identityMap(batchSize: number): AffineMap {
  const [zero, one] = [fill(0, [batchSize]), fill(1, [batchSize])];
  return { xx: one, xy: zero, atX: zero, yx: zero, yy: one, atY: zero };
}
