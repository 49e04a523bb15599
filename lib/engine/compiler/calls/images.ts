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

/** Number of bytes after the last row that kernels may read; their values are not used. */
const READ_ALONG = 16;

/** Returns new memory for the augmented 8-bit rows of a batch. Workers share this memory. */
export function allocateAugmentedRows({ shape }: Tensor): Reference {
  return allocateScratch(sizeOf(shape) + READ_ALONG);
}

/**
 * Returns new work space for an augmentation's kernel; each worker has a copy of it. Returns an empty list
 * if the kernel needs no work space.
 */
export function allocateAugmentationWork({ operation }: Tensor): readonly Reference[] {
  return operation.kind === "warp" ? [allocateWorkerScratch(warpWorkBytes(operation))] : [];
}

/**
 * Returns the number of bytes that a warp needs as work space: the image padded by zeros, and a 32-bit number
 * for each pixel of the padded image. The kernel is in `assembly/images.ts`.
 */
function warpWorkBytes(size: ImageSize): number {
  const framed = (size.height + 3) * (size.width + 16) + 32;
  return alignBytes(framed) + 4 * framedPixels(size);
}

/** Memory of an augmentation: its rows, other operands, result and work space. */
export interface AugmentedReferences {
  readonly rows: Reference;
  readonly operands: readonly Reference[];
  readonly out: Reference;
  /** See {@linkcode allocateAugmentationWork}. */
  readonly work: readonly Reference[];
}

/** The kernel of an augmentation, with its constant arguments. */
interface AugmentationKernel {
  readonly kernel: string;
  /** Arguments before the range of rows. */
  readonly size: readonly number[];
  /** Arguments after all others. */
  readonly last?: readonly number[];
  /** Number of floating-point operations for each pixel. */
  readonly flops: number;
}

/**
 * Numbers of floating-point operations for each pixel: to map its coordinates, to displace them, and to
 * interpolate between four pixels.
 */
const [FIND, DISPLACE, INTERPOLATE] = [8, 4, 11];

function augmentationKernel({ operation, shape, inputs }: Tensor): AugmentationKernel {
  const [rows, features] = shape;
  switch (operation.kind) {
    case "warp": {
      const size = [operation.height, operation.width];
      const side = inputs[1 + FIELD]?.shape[0];
      const flops = FIND + INTERPOLATE;
      return side === undefined
        ? { kernel: "warp", size, flops }
        : { kernel: "warpDisplaced", size, last: [side], flops: flops + DISPLACE };
    }
    case "erase":
      return { kernel: "erase", size: [operation.height, operation.width], flops: 0 };
    case "blend":
      return { kernel: "blend", size: [features, rows], flops: 3 };
    default:
      return { kernel: "disturb", size: [features], flops: 3 };
  }
}

/**
 * Index of the displacement field among a warp's operands, not counting the rows. All other operands have one
 * entry for each row.
 */
const FIELD = 6;

/** Returns the call that augments rows [count, features]; each worker computes its partition. */
export function augmentCalls(
  tensor: Tensor,
  { rows, operands, out, work }: AugmentedReferences,
): Calls {
  const { kernel, size, last = [], flops } = augmentationKernel(tensor);
  const [count, features] = tensor.shape;
  const isWarp = tensor.operation.kind === "warp";
  const bytes = count * features;
  const readsNext = tensor.operation.kind === "blend"; // the next row may be another worker's
  return [{
    kernel,
    arguments: [rows, ...size, "from", "to", out, ...work, ...operands, ...last],
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
