/**
 * Kernel calls of augmentations of images.
 *
 * @module
 */
import { framedPixels, type ImageSize, sizeOf, type Tensor } from "../../../tensor/mod.ts";
import { alignBytes } from "../scratch_memory.ts";
import {
  accessTo,
  allocateScratch,
  allocateWorkerScratch,
  type Calls,
  type Reference,
} from "../unit.ts";

/**
 * Number of bytes after the last row that kernels may read. They are allocated with the rows; their values
 * are not used.
 */
const READ_AHEAD = 16;

/**
 * Returns a reference to new memory for the 8-bit rows of a batch [count, features] that augmentations read
 * or write. Workers share this memory.
 */
export function allocateAugmentedRows({ shape }: Tensor): Reference {
  return allocateScratch(sizeOf(shape) + READ_AHEAD);
}

/**
 * Returns a list of one reference, to new work space for an augmentation's kernel, of which each worker has a
 * copy. Returns an empty list if the kernel needs no work space.
 */
export function allocateAugmentationWork({ operation }: Tensor): readonly Reference[] {
  return operation.kind === "warp" ? [allocateWorkerScratch(warpWorkBytes(operation))] : [];
}

/**
 * Returns the number of bytes that the warp of images of a size needs as work space: the image padded by
 * zeros, and a 32-bit number for each pixel of the padded image. The kernel is in `assembly/images.ts`.
 */
function warpWorkBytes(size: ImageSize): number {
  const framed = (size.height + 3) * (size.width + 16) + 32;
  return alignBytes(framed) + 4 * framedPixels(size);
}

/** References to the memory of an augmentation: its rows, other operands, result and work space. */
export interface AugmentationReferences {
  /** Encoded 8-bit rows before the augmentation. */
  readonly rows: Reference;
  /** Operands of the augmentation after its first, the rows. */
  readonly operands: readonly Reference[];
  /** Encoded 8-bit rows after the augmentation. */
  readonly out: Reference;
  /** Result of {@linkcode allocateAugmentationWork}. */
  readonly work: readonly Reference[];
}

/** The kernel of an augmentation, with its constant arguments. */
interface AugmentationKernel {
  readonly kernel: string;
  /** Constants after the first argument, the rows: sizes of the images or of the batch. */
  readonly sizes: readonly number[];
  /** Constants after all other arguments. Defaults to none. */
  readonly last?: readonly number[];
  /** Number of floating-point operations for each pixel. */
  readonly flops: number;
}

/**
 * Numbers of floating-point operations for each pixel of a warp: to map its coordinates, to displace it, and
 * to interpolate between four pixels.
 */
const [FIND, DISPLACE, INTERPOLATE] = [8, 4, 11];

/** Returns the kernel that computes an augmentation. */
function augmentationKernel({ operation, shape, inputs }: Tensor): AugmentationKernel {
  const [rows, features] = shape;
  switch (operation.kind) {
    case "warp": {
      const sizes = [operation.height, operation.width];
      const side = inputs[1 + FIELD]?.shape[0];
      const flops = FIND + INTERPOLATE;
      return side === undefined
        ? { kernel: "warp", sizes, flops }
        : { kernel: "warpDisplaced", sizes, last: [side], flops: flops + DISPLACE };
    }
    case "erase":
      return { kernel: "erase", sizes: [operation.height, operation.width], flops: 0 };
    case "blend":
      return { kernel: "blend", sizes: [features, rows], flops: 3 };
    default:
      return { kernel: "disturb", sizes: [features], flops: 3 };
  }
}

/**
 * Index of the displacement field among a warp's operands, not counting the rows. All other operands have one
 * entry for each row.
 */
const FIELD = 6;

/**
 * Returns one kernel call, which augments rows [count, features]. Each worker augments its partition of them.
 */
export function augmentCalls(
  tensor: Tensor,
  { rows, operands, out, work }: AugmentationReferences,
): Calls {
  const { kernel, sizes, last = [], flops } = augmentationKernel(tensor);
  const [count, features] = tensor.shape;
  const isWarp = tensor.operation.kind === "warp";
  const bytes = count * features;
  const readsNext = tensor.operation.kind === "blend"; // the next row may be another worker's
  return [{
    kernel,
    arguments: [rows, ...sizes, "from", "to", out, ...work, ...operands, ...last],
    rows: count,
    reads: [
      { region: rows, bytes, ...(readsNext ? {} : { perRow: features }) },
      ...operands.map((operand, index) =>
        accessTo(operand, isWarp && index === FIELD ? undefined : operand.bytes / count)
      ),
    ],
    writes: [
      { region: out, bytes, perRow: features },
      ...work.map((reference) => accessTo(reference)),
    ],
    flops: flops * bytes,
  }];
}
