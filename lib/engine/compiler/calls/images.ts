import { framedPixels, type ImageSize, sizeOf, type Tensor } from "../../../tensor/mod.ts";
import { align } from "../scratch_memory.ts";
import { type Calls, privateScratch, scratch, type Span, touch } from "../unit.ts";

/** Bytes after the last row that kernels may read along with it. */
const READ_ALONG = 16;

/** Memory, which workers share, for rows of 8-bit values. */
export function storedOf({ shape }: Tensor): Span {
  return scratch(sizeOf(shape) + READ_ALONG);
}

/** Memory, of each worker, that an augmentation needs besides. */
export function workOf({ operation }: Tensor): readonly Span[] {
  return operation.kind === "warp" ? [privateScratch(warpBytes(operation))] : [];
}

/** An image in a frame of zeros, then 4 bytes for each pixel of the frame: as images.ts has it. */
function warpBytes(size: ImageSize): number {
  const framed = (size.height + 3) * (size.width + 16) + 32;
  return align(framed) + 4 * framedPixels(size);
}

export interface AugmentedSpans {
  readonly rows: Span;
  readonly operands: readonly Span[];
  readonly out: Span;
  /** See {@linkcode workOf}. */
  readonly work: readonly Span[];
}

interface Kernel {
  readonly kernel: string;
  /** Arguments before the rows that are asked for. */
  readonly size: readonly number[];
  /** Arguments after all others. */
  readonly last?: readonly number[];
  /** Operations on floating-point numbers for each pixel. */
  readonly flops: number;
}

/** Operations to find a pixel's place, and those between the four pixels around it. */
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

/** Which operand of a warp, after the rows, is the field; all others have an entry for each row. */
const FIELD = 6;

/** The call that augments rows [count, features], each worker its own. */
export function augmentCalls(tensor: Tensor, { rows, operands, out, work }: AugmentedSpans): Calls {
  const { kernel, size, last = [], flops } = kernelOf(tensor);
  const [count, features] = tensor.shape;
  const isWarp = tensor.operation.kind === "warp";
  const bytes = count * features;
  const readsNext = tensor.operation.kind === "blend"; // which may be another worker's
  return [{
    kernel,
    arguments: [rows, ...size, "from", "to", out, ...work, ...operands, ...last],
    rows: count,
    reads: [
      { place: rows, bytes, ...(readsNext ? {} : { perRow: features }) },
      ...operands.map((operand, index) =>
        touch(operand, isWarp && index === FIELD ? undefined : operand.bytes / count)
      ),
    ],
    writes: [{ place: out, bytes, perRow: features }, ...work.map((span) => touch(span))],
    flops: flops * bytes,
  }];
}
