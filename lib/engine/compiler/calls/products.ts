/**
 * Kernel calls of matrix products.
 *
 * @module
 */
import { accessesToLists, type CompressedBatch, compressedLists } from "./batch.ts";
import { FORM } from "../form.ts";
import { KERNEL_SCRATCH, type MemoryAccess, PANEL } from "../../program/program.ts";
import type { Matrix } from "./structured.ts";
import { accessTo, type Calls, type Reference } from "../unit.ts";

/** How workers partition a product: by rows of its result, or by rows of the result's panels. */
export type Partitioning = "rows" | "panels";

/** Returns the number of rows of a product, or of rows of its panels, that workers partition. */
function partitionedRows({ rows, columns }: Matrix, by: Partitioning): number {
  return by === "rows" ? rows : rows * Math.ceil(columns / PANEL);
}

/**
 * Returns the memory that the call of a product writes. If a row-major result is partitioned by panels, a
 * worker writes only the columns of its panels, but the access covers the whole result.
 */
function productWrites({ reference, ...out }: Matrix, by: Partitioning): MemoryAccess<Reference> {
  if (out.inPanels) return { ...accessTo(reference), panels: out };
  return accessTo(reference, by === "rows" ? 4 * out.columns : undefined);
}

/**
 * Returns one kernel call, which computes out [m, n] = left [m, k] · right [k, n]. A factor with
 * `isTransposed` is the transpose of its matrix in memory.
 */
export function matmulCalls(
  left: Matrix,
  right: Matrix,
  out: Matrix,
  { zerosLeftOut, by, parts }: {
    readonly zerosLeftOut: boolean;
    readonly by: Partitioning;
    /**
     * Number of micro-batches into which the terms of each sum are divided; 1 for none. A number above 1
     * needs a transposed left factor.
     */
    readonly parts: number;
  },
): Calls {
  const isTransposed = left.isTransposed === true;
  const form = (isTransposed ? FORM.leftTransposed : 0) +
    (right.isTransposed === true ? FORM.rightTransposed : 0) +
    (right.inPanels ? FORM.rightInPanels : 0) +
    (out.inPanels ? FORM.outInPanels : 0) +
    (zerosLeftOut ? FORM.zerosLeftOut : 0) +
    (by === "rows" ? FORM.sharedByRows : 0);
  const ownRows = by === "rows" && !isTransposed ? 4 * left.columns : undefined;
  return [{
    kernel: parts > 1 ? "matmulInParts" : "matmul",
    arguments: [
      left.reference,
      right.reference,
      out.reference,
      out.rows,
      out.columns,
      isTransposed ? left.rows : left.columns,
      form,
      ...(parts > 1 ? [parts] : []),
      { space: KERNEL_SCRATCH, offset: 0 },
      "from",
      "to",
    ],
    rows: partitionedRows(out, by),
    reads: [accessTo(left.reference, ownRows), accessTo(right.reference)],
    writes: [productWrites(out, by)],
    flops: zerosLeftOut
      ? {
        perEntry: 2 * out.columns,
        of: { numbers: left.reference, length: left.reference.bytes / 4 },
      }
      : 2 * out.rows * out.columns * (isTransposed ? left.rows : left.columns),
  }];
}

/**
 * Returns one kernel call, which computes out = batch · right, for a batch that is compressed by rows. With a
 * batch compressed by columns, it computes out = batchᵀ · right. The terms of each sum are divided into
 * `parts` micro-batches.
 */
export function sparseProductCalls(
  batch: CompressedBatch,
  right: Matrix,
  out: Matrix,
  { by, parts }: { readonly by: Partitioning; readonly parts: number },
): Calls {
  return [{
    kernel: parts > 1 ? "sparseProductInParts" : "sparseProduct",
    arguments: [
      batch.counts,
      batch.entries,
      batch.slot,
      right.reference,
      out.reference,
      out.rows,
      out.columns,
      right.rows,
      ...(parts > 1 ? [] : [Number(right.inPanels)]),
      Number(out.inPanels),
      Number(by === "rows"),
      ...(parts > 1 ? [parts] : []),
      { space: KERNEL_SCRATCH, offset: 0 },
      "from",
      "to",
    ],
    rows: partitionedRows(out, by),
    reads: [...accessesToLists(batch), accessTo(right.reference)],
    writes: [productWrites(out, by)],
    flops: { perEntry: 2 * out.columns, of: compressedLists(batch) },
  }];
}
