/**
 * What an augmentation is: a random change of images that leaves their class as it is, or, of a mixture,
 * says how their classes are mixed.
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

/** The images of a batch on their way through augmentations. */
export interface Images {
  /** Rows of an 8-bit data set, augmented so far [batch, height · width]. */
  readonly x: Tensor;
  /** Lines and columns of an image. */
  readonly size: ImageSize;
  /** How they are yet to be warped: maps wait for displacements, to make one interpolation of both. */
  readonly map?: AffineMap;
  /** Set if each image is mixed with the next one, the last with the first. */
  readonly mix?: Mix;
}

/** How much of each image, and so of its label, is its own; the rest is the next one's. */
export interface Mix {
  /** From 0 to 1, [batch]. */
  readonly weight: Tensor;
}

/** What random numbers depend on: the same sample at the same step is augmented alike. */
export interface Draw {
  /** Key of this augmentation, for this purpose. */
  readonly key: Key;
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, integer []. */
  readonly step: Tensor;
  /** What {@linkcode Augmentation.constants} gave, as inputs. */
  readonly constants: Readonly<Record<string, Tensor>>;
}

/** A random change of images; a pair of pure functions. */
export interface Augmentation {
  /** Whether it mixes images of different classes, and so is of use in training only. */
  readonly isMixture: boolean;
  /** Tensors by name that are made once, before the first step, and then stay; none if not given. */
  constants?(key: Key): Readonly<Record<string, Tensor>>;
  /** The images augmented. */
  apply(images: Images, draw: Draw): Images;
}

/** The images with what they were yet to be warped by, and with a displacement if there is one. */
export function settled(images: Images, displacement?: Displacement): Images {
  const { map, ...others } = images;
  if (map === undefined && displacement === undefined) return images;
  const { x, size } = images;
  return { ...others, x: warp(x, size, map ?? identityMap(x.shape[0]), displacement) };
}

/** The map that leaves every pixel where it is. */
function identityMap(batch: number): AffineMap {
  const [zero, one] = [fill(0, [batch]), fill(1, [batch])];
  return { xx: one, xy: zero, atX: zero, yx: zero, yy: one, atY: zero };
}
