/**
 * Kernel calls that load the rows of a batch: copy them from the data set, which lies outside the memory,
 * decode them, or compress them to lists of non-zero elements.
 *
 * @module
 */

import { sizeOf, sourceRowsOf, type Tensor } from "../../../tensor/mod.ts";
import { ALIGNMENT } from "../scratch_memory.ts";
import type { Lists, MemoryAccess } from "../../program/program.ts";
import { scaleRegion } from "../../program/sources.ts";
import { accessTo, allocateWorkerScratch, type Calls, type Reference } from "../unit.ts";

/**
 * Returns the name of the data set from which a batch is gathered, and the number of bytes in which the
 * data set stores a feature.
 */
function batchSource(rows: Tensor): { readonly name: string; readonly size: 1 | 4 } {
  const data = sourceRowsOf(rows)?.inputs[0];
  if (data?.operation.kind !== "source") {
    throw new TypeError(`Cannot gather rows: expected a source: received ${data?.operation.kind}`);
  }
  const { name, encoding } = data.operation;
  return { name, size: encoding === "dense32" ? 4 : 1 };
}

/**
 * Returns new memory for the rows of a batch, encoded as in the data set: 1 or 4 bytes for each feature.
 * Each worker has a copy of this memory.
 */
export function allocateEncodedRows(batch: Tensor): Reference {
  return allocateWorkerScratch(batchSource(batch).size * sizeOf(batch.shape));
}

/**
 * Returns the call that copies the rows with the numbers `rowNumbers` [count] from a data set to `out`.
 * Each worker copies all rows if `isReplicated`, else its partition of them.
 */
export function copyRowsCalls(
  batch: Tensor,
  rowNumbers: Reference,
  out: Reference,
  isReplicated: boolean,
): Calls {
  const [count, features] = batch.shape;
  const { name, size } = batchSource(batch);
  return [{
    kernel: "copyDatasetRows",
    arguments: [{ source: name }, rowNumbers, "from", "to", out],
    rows: count,
    isReplicated,
    reads: [accessTo(rowNumbers, isReplicated ? undefined : 4)],
    writes: [accessTo(out, size * features)],
    sourceBytes: size * count * features,
  }];
}

/** Returns the call that decodes rows, encoded as in the data set, to floats: out [count, features]. */
export function decodeCalls(batch: Tensor, encodedRows: Reference, out: Reference): Calls {
  const [count, features] = batch.shape;
  const { name, size } = batchSource(batch);
  return [{
    kernel: size === 1 ? "decode8" : "decode32",
    arguments: [encodedRows, scaleRegion(name), features, "from", "to", out],
    rows: count,
    reads: [accessTo(encodedRows, size * features)],
    writes: [accessTo(out, 4 * features)],
    flops: count * features,
  }];
}

/**
 * A batch of sparse rows, compressed by rows or by columns. By rows, it has a list for each row, with an
 * entry for each non-zero element: its column and its value. By columns, it has a list for each column,
 * whose entries are a row and a value. Each list has room for all elements, so that workers can fill lists
 * independently.
 */
export interface CompressedBatch {
  readonly counts: Reference;
  readonly entries: Reference;
  /**
   * Number of bytes from one list to the next: an odd number of cache lines, so that lists spread over cache
   * sets.
   */
  readonly slot: number;
}

/**
 * Returns new memory for a sparse batch [rows, columns], compressed by rows or by columns. Each worker has
 * a copy of this memory.
 */
export function allocateCompressedBatch(
  { shape }: Tensor,
  by: "rows" | "columns",
): CompressedBatch {
  const [rows, columns] = shape;
  const [lists, longest] = by === "rows" ? [rows, columns] : [columns, rows];
  const lines = Math.ceil((8 * longest) / ALIGNMENT);
  const slot = ALIGNMENT * (lines % 2 === 0 ? lines + 1 : lines);
  return {
    counts: allocateWorkerScratch(4 * lists),
    entries: allocateWorkerScratch(slot * lists),
    slot,
  };
}

/**
 * Returns the lists of a compressed batch. Their lengths, which depend on the data, determine the cost of
 * calls.
 */
export function compressedLists({ counts }: CompressedBatch): Lists<Reference> {
  return { counts, lists: counts.bytes / 4 };
}

/** Returns the accesses of a call that reads or writes all lists of a batch. */
export function accessesToLists(batch: CompressedBatch): MemoryAccess<Reference>[] {
  const { counts, entries } = batch;
  const lists = compressedLists(batch);
  return [accessTo(counts), { ...accessTo(entries), lists }];
}

/**
 * Returns the call that compresses the 8-bit rows of a batch by rows, to `out`. Each worker compresses all
 * rows if `isReplicated`, else its partition of them.
 */
export function compressRowsCalls(
  batch: Tensor,
  encodedRows: Reference,
  out: CompressedBatch,
  isReplicated: boolean,
): Calls {
  const [count, features] = batch.shape;
  return [{
    kernel: "compressRows",
    arguments: [
      encodedRows,
      scaleRegion(batchSource(batch).name),
      features,
      "from",
      "to",
      out.counts,
      out.entries,
      out.slot,
    ],
    rows: count,
    isReplicated,
    reads: [accessTo(encodedRows, features)],
    writes: accessesToLists(out),
    flops: { perEntry: 1, of: compressedLists(out) },
  }];
}

/**
 * Returns the call that converts a batch `byRows`, which is compressed by rows, to `out`, compressed by
 * columns.
 */
export function compressColumnsCalls(
  { shape }: Tensor,
  byRows: CompressedBatch,
  out: CompressedBatch,
): Calls {
  const [rows, columns] = shape;
  return [{
    kernel: "compressColumns",
    arguments: [
      byRows.counts,
      byRows.entries,
      byRows.slot,
      rows,
      "from",
      "to",
      out.counts,
      out.entries,
      out.slot,
    ],
    rows: columns,
    isReplicated: true,
    reads: accessesToLists(byRows),
    writes: accessesToLists(out),
  }];
}

/** Returns the call that expands a batch compressed by rows to a dense matrix out [count, features]. */
export function expandCalls({ shape }: Tensor, byRows: CompressedBatch, out: Reference): Calls {
  const [count, features] = shape;
  return [{
    kernel: "expandRows",
    arguments: [byRows.counts, byRows.entries, byRows.slot, "from", "to", features, out],
    rows: count,
    reads: accessesToLists(byRows),
    writes: [accessTo(out, 4 * features)],
  }];
}
