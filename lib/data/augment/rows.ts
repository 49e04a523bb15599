/**
 * Augmentation of the samples of a batch, as part of the expression graph of a training step.
 *
 * @module
 */
import { gatherRows, type ImageSize, input, key, source, type Tensor } from "../../tensor/mod.ts";
import type { Samples } from "../dataset.ts";
import { applyPendingWarp, type Augmentation, type Images, type Mix } from "./augmentation.ts";
import { defined } from "../../config/defined.ts";

/** A sequence of augmentations to apply to images of one size. */
export interface ImageDeformations {
  /** Height and width of an image. */
  readonly size: ImageSize;
  /** Augmentations in the order of their application. */
  readonly deformations: readonly Augmentation[];
}

/** A batch after augmentation. */
export interface Augmented {
  /** Augmented samples [batch, features], 8-bit. */
  readonly x: Tensor;
  /** Weights of the mixture, if each sample is mixed with the next one of the batch. */
  readonly mix?: Mix;
}

/** Values from which the random numbers for a batch are computed. */
export interface BatchContext {
  /** Seed of the run. */
  readonly seed: number;
  /**
   * Purpose of the augmented images: training, or averaged predictions in evaluation. Random numbers for
   * different purposes are independent.
   */
  readonly purpose: "train" | "evaluate";
  /** Row of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the training step; in evaluation, number of the augmented copy. Integer []. */
  readonly step: Tensor;
}

/**
 * Returns augmentations with the size of the images to which they are to be applied, after checking that
 * they can be. Returns undefined if there are no augmentations.
 *
 * @throws {RangeError} if the samples are not images of 8-bit pixels, if the images are too large, or if
 *     more than one augmentation mixes images
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
  checkGraphCanBeBuilt(made);
  return made;
}

/**
 * Builds the expression graph of augmentations once, so that an augmentation that cannot be applied to the
 * images throws now and not in training.
 */
function checkGraphCanBeBuilt(deformations: ImageDeformations): void {
  const { height, width } = deformations.size;
  const samples = input("rows", [1], "integer");
  augmentedRows(deformations, gatherRows(source("images", height * width, "dense8"), samples), {
    seed: 0,
    purpose: "train",
    samples,
    step: input("step", [], "integer"),
  });
}

/**
 * Returns the augmentations that do not mix images, in the same order. Returns undefined if there are none.
 */
export function withoutMixtures(
  { size, deformations }: ImageDeformations,
): ImageDeformations | undefined {
  const others = deformations.filter(({ isMixture }) => !isMixture);
  return others.length === 0 ? undefined : { size, deformations: others };
}

/**
 * Returns the random key of an augmentation, given the seed of the run and the index of the augmentation in
 * the list. Keys for different purposes are independent.
 */
function augmentationKey(seed: number, purpose: string, index: number) {
  return key(seed, "deform", purpose, index);
}

/**
 * Returns the name of the graph input for a constant tensor of an augmentation, given the name of the
 * tensor and the index of the augmentation in the list.
 */
function constantInputName(name: string, augmentationIndex: number): string {
  return `augment${augmentationIndex + 1}.${name}`;
}

/**
 * Returns the constant tensors of an augmentation, to be computed once before training, each with the graph
 * input through which training steps read it. `index` is the index of the augmentation in the list, and
 * `seed` the seed of the run.
 */
function constantInputs(augmentation: Augmentation, index: number, seed: number) {
  const made = augmentation.constants?.(augmentationKey(seed, "constants", index)) ?? {};
  return Object.entries(made).map(([name, tensor]) => ({
    name,
    tensor,
    input: input(constantInputName(name, index), tensor.shape),
  }));
}

/**
 * Returns the constant tensors of all augmentations, to be computed once before training, by the names of
 * the graph inputs through which training steps read them. `seed` is the seed of the run.
 */
export function precomputedTensors(
  { deformations }: ImageDeformations,
  seed: number,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    deformations.flatMap((augmentation, index) =>
      constantInputs(augmentation, index, seed).map((
        { name, tensor },
      ) => [constantInputName(name, index), tensor])
    ),
  );
}

/**
 * Returns the augmented samples of a batch as an expression, given the 8-bit samples x [batch, features] as
 * stored in the data set, one row each.
 */
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
