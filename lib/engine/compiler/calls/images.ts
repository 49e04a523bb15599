/**
 * Kernel calls of augmentations of images.
 *
 * @module
 */
import { framedPixels, type ImageSize, sizeOf, type Tensor } from "../../../tensor/mod.ts";
import { align } from "../scratch_memory.ts";
import { access, type Calls, type Reference, scratch, workerScratch } from "../unit.ts";

/** Bytes after the last row that kernels may read and ignore. */
const READ_ALONG = 16;

/** Returns new memory, which workers share, for rows of 8-bit values. */
export function storedOf({ shape }: Tensor): Reference {
  return scratch(sizeOf(shape) + READ_ALONG);
}

/** Returns new work space, per worker, of an augmentation. */
export function workOf({ operation }: Tensor): readonly Reference[] {
  return operation.kind === "warp" ? [workerScratch(warpBytes(operation))] : [];
}

/**
 * Returns the number of bytes that a warp needs as work space: the image padded by zeros, and a 32-bit number
 * for each pixel of the padded image. The kernel is in `assembly/images.ts`.
 */
function warpBytes(size: ImageSize): number {
  const framed = (size.height + 3) * (size.width + 16) + 32;
  return align(framed) + 4 * framedPixels(size);
}

export interface AugmentedReferences {
  readonly rows: Reference;
  readonly operands: readonly Reference[];
  readonly out: Reference;
  /** See {@linkcode workOf}. */
  readonly work: readonly Reference[];
}

interface Kernel {
  readonly kernel: string;
  /** Arguments before the range of rows. */
  readonly size: readonly number[];
  /** Arguments after all others. */
  readonly last?: readonly number[];
  /** Floating-point operations per pixel. */
  readonly flops: number;
}

/** Operations per pixel: to map its coordinates, to displace them, and to interpolate between four pixels. */
const [FIND, DISPLACE, INTERPOLATE] = [8, 4, 11];

function kernelOf({ operation, shape, inputs }: Tensor): Kernel {
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

/** Index, after the rows, of a warp's operand that is the field; all others have an entry per row. */
const FIELD = 6;

/** Returns the call that augments rows [count, features]; each worker computes its partition. */
export function augmentCalls(
  tensor: Tensor,
  { rows, operands, out, work }: AugmentedReferences,
): Calls {
  const { kernel, size, last = [], flops } = kernelOf(tensor);
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
        access(operand, isWarp && index === FIELD ? undefined : operand.bytes / count)
      ),
    ],
    writes: [
      { region: out, bytes, perRow: features },
      ...work.map((reference) => access(reference)),
    ],
    flops: flops * bytes,
  }];
}
