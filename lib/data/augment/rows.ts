import { gatherRows, type ImageSize, input, key, source, type Tensor } from "../../tensor/mod.ts";
import type { Samples } from "../dataset.ts";
import { type Augmentation, type Images, type Mix, settled } from "./augmentation.ts";
import { defined } from "../../config/defined.ts";

/** Augmentations for images of a size. */
export interface ImageDeformations {
  /** Lines and columns of an image. */
  readonly size: ImageSize;
  /** In the order in which they are applied. */
  readonly deformations: readonly Augmentation[];
}

/** What a batch becomes. */
export interface Augmented {
  /** Its rows [batch, features]. */
  readonly x: Tensor;
  /** Set if each is mixed with the next. */
  readonly mix?: Mix;
}

/** What the random numbers of a batch depend on. */
export interface DrawnFor {
  /** Seed of the run. */
  readonly seed: number;
  /** What the images are for: other purposes have other numbers. */
  readonly purpose: "train" | "evaluate";
  /** Number of each sample in its data set, integer [batch]. */
  readonly samples: Tensor;
  /** Number of the step, or of the copy that is made, integer []. */
  readonly step: Tensor;
}

/**
 * Augmentations of the samples of a data set; undefined if there are none.
 *
 * @throws {RangeError} if the samples are not images of one 8-bit number a pixel, or are too large, or
 *   more than one of the augmentations mixes images
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
  tryOut(made);
  return made;
}

function tryOut(deformations: ImageDeformations): void {
  const { height, width } = deformations.size;
  const samples = input("rows", [1], "integer");
  augmentedRows(deformations, gatherRows(source("images", height * width, "dense8"), samples), {
    seed: 0,
    purpose: "train",
    samples,
    step: input("step", [], "integer"),
  });
}

/** Those augmentations that leave images by themselves; undefined if there are none. */
export function withoutMixtures(
  { size, deformations }: ImageDeformations,
): ImageDeformations | undefined {
  const others = deformations.filter(({ isMixture }) => !isMixture);
  return others.length === 0 ? undefined : { size, deformations: others };
}

function keyOf(seed: number, purpose: string, index: number) {
  return key(seed, "deform", purpose, index);
}

function nameOf(name: string, index: number): string {
  return `augment${index + 1}.${name}`;
}

/** The tensors of an augmentation that are made once, each with the input that reads it. */
function constantsAt(augmentation: Augmentation, index: number, seed: number) {
  const made = augmentation.constants?.(keyOf(seed, "constants", index)) ?? {};
  return Object.entries(made).map(([name, tensor]) => ({
    name,
    tensor,
    input: input(nameOf(name, index), tensor.shape),
  }));
}

/** Tensors that are made once, before the first step, by the names of the inputs that read them. */
export function precomputedTensors(
  { deformations }: ImageDeformations,
  seed: number,
): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(
    deformations.flatMap((augmentation, index) =>
      constantsAt(augmentation, index, seed).map((
        { name, tensor },
      ) => [nameOf(name, index), tensor])
    ),
  );
}

/** The rows x of a batch, as they were taken from the data, augmented [batch, features]. */
export function augmentedRows(
  { size, deformations }: ImageDeformations,
  x: Tensor,
  { seed, purpose, samples, step }: DrawnFor,
): Augmented {
  let images: Images = { x, size };
  for (const [index, augmentation] of deformations.entries()) {
    const constants = Object.fromEntries(
      constantsAt(augmentation, index, seed).map(({ name, input }) => [name, input]),
    );
    const own = keyOf(seed, purpose, index);
    images = augmentation.apply(images, { key: own, samples, step, constants });
  }
  const { x: augmented, mix } = settled(images);
  return { x: augmented, ...defined({ mix }) };
}
