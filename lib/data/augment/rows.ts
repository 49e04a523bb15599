/**
 * Augmentation of the rows of a batch, as part of the expression of a training step.
 *
 * @module
 */
import { gatherRows, type ImageSize, input, key, source, type Tensor } from "../../tensor/mod.ts";
import type { Samples } from "../dataset.ts";
import { applyPendingWarp, type Augmentation, type Images, type Mix } from "./augmentation.ts";
import { defined } from "../../config/defined.ts";

/** A sequence of augmentations for images of one size. */
export interface ImageDeformations {
  /** Height and width of an image. */
  readonly size: ImageSize;
  /** Augmentations in the order of their application. */
  readonly deformations: readonly Augmentation[];
}

/** An augmented batch. */
export interface Augmented {
  /** Its rows [batch, features]. */
  readonly x: Tensor;
  /** Weights, if each row is mixed with the next. */
  readonly mix?: Mix;
}

/** The inputs of a batch's random numbers. */
export interface BatchContext {
  /** Seed of the run. */
  readonly seed: number;
  /** Purpose of the images. Random numbers of different purposes are independent. */
  readonly purpose: "train" | "evaluate";
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, or of the augmented copy, integer []. */
  readonly step: Tensor;
}

/**
 * Returns augmentations for the samples of a data set; undefined if the list is empty.
 *
 * @throws {RangeError} if the samples are not images with one 8-bit number per pixel, if they are too
 *   large, or if more than one of the augmentations mixes images
 */
export function imageDeformations(
  deformations: readonly Augmentation[],
  { shape, values }: Pick<Samples, "shape" | "values">,
): ImageDeformations | undefined {
  if (deformations.length === 0) return undefined;
  const [height, width, ...more] = shape;
  const is8Bit = values instanceof Uint8Array;
  if (height === undefined || width === undefined || more.length > 0 || !is8Bit) {
    throw new RangeError(
      `Cannot augment: expected images [height, width] of 8-bit pixels: received samples ` +
        `[${shape.join(", ")}] of ${is8Bit ? 8 : 32} bits`,
    );
  }
  const mixtures = deformations.filter(({ isMixture }) => isMixture).length;
  if (mixtures > 1) {
    throw new RangeError(
      `Cannot augment: expected at most one augmentation that mixes images: received ${mixtures}`,
    );
  }
  const made = { size: { height, width }, deformations };
  buildOnce(made);
  return made;
}

/** Builds the expression once, so that augmentations that do not fit the images throw at once. */
function buildOnce(deformations: ImageDeformations): void {
  const { height, width } = deformations.size;
  const samples = input("rows", [1], "integer");
  augmentedRows(deformations, gatherRows(source("images", height * width, "dense8"), samples), {
    seed: 0,
    purpose: "train",
    samples,
    step: input("step", [], "integer"),
  });
}

/** Returns the augmentations that do not mix images; undefined if there are none. */
export function withoutMixtures(
  { size, deformations }: ImageDeformations,
): ImageDeformations | undefined {
  const others = deformations.filter(({ isMixture }) => !isMixture);
  return others.length === 0 ? undefined : { size, deformations: others };
}

function augmentationKey(seed: number, purpose: string, index: number) {
  return key(seed, "deform", purpose, index);
}

function constantName(name: string, index: number): string {
  return `augment${index + 1}.${name}`;
}

/** Returns the precomputed tensors of an augmentation, each with the input through which steps read it. */
function constantInputs(augmentation: Augmentation, index: number, seed: number) {
  const made = augmentation.constants?.(augmentationKey(seed, "constants", index)) ?? {};
  return Object.entries(made).map(([name, tensor]) => ({
    name,
    tensor,
    input: input(constantName(name, index), tensor.shape),
  }));
}

/** Returns the tensors to compute once before the first step, by the names of their inputs. */
export function precomputedTensors(
  { deformations }: ImageDeformations,
  seed: number,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    deformations.flatMap((augmentation, index) =>
      constantInputs(augmentation, index, seed).map((
        { name, tensor },
      ) => [constantName(name, index), tensor])
    ),
  );
}

/** Augments the rows x [batch, features] of a batch, as they are in the data set. */
export function augmentedRows(
  { size, deformations }: ImageDeformations,
  x: Tensor,
  { seed, purpose, samples, step }: BatchContext,
): Augmented {
  let images: Images = { x, size };
  for (const [index, augmentation] of deformations.entries()) {
    const constants = Object.fromEntries(
      constantInputs(augmentation, index, seed).map(({ name, input }) => [name, input]),
    );
    images = augmentation.apply(images, {
      key: augmentationKey(seed, purpose, index),
      samples,
      step,
      constants,
    });
  }
  const { x: augmented, mix } = applyPendingWarp(images);
  return { x: augmented, ...defined({ mix }) };
}
