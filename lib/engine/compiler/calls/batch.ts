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
 * Returns the name of the data set from which a batch is gathered, and the number of bytes in which the data
 * set stores a feature.
 *
 * @throws {TypeError} if the tensor does not consist of rows of a data set
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
 * Returns a reference to new memory for the rows of a batch, encoded as in its data set: 1 or 4 bytes for
 * each feature. Each worker has a copy of this memory.
 */
export function allocateEncodedRows(batch: Tensor): Reference {
  return allocateWorkerScratch(batchSource(batch).size * sizeOf(batch.shape));
}

/**
 * Returns one kernel call, which copies rows of the batch's data set to `out` [count, features], encoded as
 * they are. `rowNumbers` [count] has the index of each row in the data set. Each worker copies all rows if
 * `isReplicated`, else its partition of them.
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

/**
 * Returns one kernel call, which decodes the rows of a batch, encoded as in its data set, to floats: out
 * [count, features].
 */
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
  /** Number of entries of each list, 32-bit integers. */
  readonly counts: Reference;
  /** Entries of the lists, of 8 bytes each: an index and a value. Lists begin `slot` bytes apart. */
  readonly entries: Reference;
  /**
   * Number of bytes from the beginning of one list to that of the next: an odd number of cache lines, so that
   * lists spread over cache sets.
   */
  readonly slot: number;
}

/**
 * Returns references to new memory for a sparse batch [rows, columns], compressed by rows or by columns. Each
 * worker has a copy of this memory.
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

/**
 * Returns the accesses to memory of a call that reads, or writes, all lists of a compressed batch and their
 * lengths.
 */
export function accessesToLists(batch: CompressedBatch): MemoryAccess<Reference>[] {
  const { counts, entries } = batch;
  const lists = compressedLists(batch);
  return [accessTo(counts), { ...accessTo(entries), lists }];
}

/**
 * Returns one kernel call, which compresses the encoded 8-bit rows of a batch to a list for each row (`out`).
 *
 * @param batch tensor of the batch, for its shape and data set
 * @param encodedRows memory with the rows as the data set stores them
 * @param isReplicated whether each worker compresses all rows, not only its partition of them
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
 * Returns one kernel call, which converts a batch compressed by rows (`byRows`) to the same batch compressed
 * by columns (`out`). The tensor is the batch; only its shape is used. Every worker converts all columns, in
 * its own memory.
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

/**
 * Returns one kernel call, which expands a batch compressed by rows to a dense matrix out [count, features].
 * The tensor is the batch; only its shape is used.
 */
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
