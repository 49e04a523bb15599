/**
 * Kernel calls that load the rows of a batch: copy them from the data set, which lies outside the memory,
 * decode them, or compress them to lists of non-zero elements.
 *
 * @module
 */

import { sizeOf, sourceRowsOf, type Tensor } from "../../../tensor/mod.ts";
import { ALIGNMENT } from "../scratch_memory.ts";
import type { Lists, MemoryAccess } from "../../program/program.ts";
import { scaleOf } from "../../program/sources.ts";
import { access, type Calls, type Reference, workerScratch } from "../unit.ts";

/** Returns the data set of rows, augmented or not, and the bytes of a stored feature. */
function sourceOf(rows: Tensor): { readonly name: string; readonly size: 1 | 4 } {
  const data = sourceRowsOf(rows)?.inputs[0];
  if (data?.operation.kind !== "source") {
    throw new TypeError(`Cannot gather rows: expected a source: received ${data?.operation.kind}`);
  }
  const { name, encoding } = data.operation;
  return { name, size: encoding === "dense32" ? 4 : 1 };
}

/** Returns new memory, per worker, for raw rows of a data set: 8 or 32 bits per feature. */
export function rawRowsOf(taken: Tensor): Reference {
  return workerScratch(sourceOf(taken).size * sizeOf(taken.shape));
}

/** Returns the call that copies rows of a data set by number [count] to out: each worker all, or its partition. */
export function copyRowsCalls(
  taken: Tensor,
  rows: Reference,
  out: Reference,
  isReplicated: boolean,
): Calls {
  const [count, features] = taken.shape;
  const { name, size } = sourceOf(taken);
  return [{
    kernel: "copyDatasetRows",
    arguments: [{ source: name }, rows, "from", "to", out],
    rows: count,
    isReplicated,
    reads: [access(rows, isReplicated ? undefined : 4)],
    writes: [access(out, size * features)],
    sourceBytes: size * count * features,
  }];
}

/** Returns the call that decodes raw rows to out [count, features]. */
export function decodeCalls(taken: Tensor, rawRows: Reference, out: Reference): Calls {
  const [count, features] = taken.shape;
  const { name, size } = sourceOf(taken);
  return [{
    kernel: size === 1 ? "decode8" : "decode32",
    arguments: [rawRows, scaleOf(name), features, "from", "to", out],
    rows: count,
    reads: [access(rawRows, size * features)],
    writes: [access(out, 4 * features)],
    flops: count * features,
  }];
}

/**
 * A batch of sparse rows. For each row (or column, for the transpose) it has a list of entries, the column
 * (or row) and the value of each non-zero element. Each list has room for all elements, so workers can fill
 * lists independently.
 */
export interface Compressed {
  readonly counts: Reference;
  readonly entries: Reference;
  /** Bytes from one list to the next: an odd number of cache lines, so that lists spread over cache sets. */
  readonly slot: number;
}

/** Returns new memory, per worker, for a batch [rows, columns] compressed by rows or by columns. */
export function compressedOf({ shape }: Tensor, by: "rows" | "columns"): Compressed {
  const [rows, columns] = shape;
  const [lists, longest] = by === "rows" ? [rows, columns] : [columns, rows];
  const lines = Math.ceil((8 * longest) / ALIGNMENT);
  const slot = ALIGNMENT * (lines % 2 === 0 ? lines + 1 : lines);
  return { counts: workerScratch(4 * lists), entries: workerScratch(slot * lists), slot };
}

/** Describes the lists of a batch for cost counts, which need their lengths. */
export function listsOf({ counts }: Compressed): Lists<Reference> {
  return { counts, lists: counts.bytes / 4 };
}

/** Returns the accesses to the lists of a batch. */
export function accessLists(batch: Compressed): MemoryAccess<Reference>[] {
  const { counts, entries } = batch;
  const lists = listsOf(batch);
  return [access(counts), { ...access(entries), lists }];
}

/** Returns the call that compresses raw 8-bit rows by rows to out: each worker all rows, or its partition. */
export function compressRowsCalls(
  taken: Tensor,
  rawRows: Reference,
  out: Compressed,
  isReplicated: boolean,
): Calls {
  const [count, features] = taken.shape;
  return [{
    kernel: "compressRows",
    arguments: [
      rawRows,
      scaleOf(sourceOf(taken).name),
      features,
      "from",
      "to",
      out.counts,
      out.entries,
      out.slot,
    ],
    rows: count,
    isReplicated,
    reads: [access(rawRows, features)],
    writes: accessLists(out),
    flops: { perEntry: 1, of: listsOf(out) },
  }];
}

/** Returns the call that converts a batch compressed by rows to one compressed by columns. */
export function compressColumnsCalls(
  { shape }: Tensor,
  byRows: Compressed,
  out: Compressed,
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
    reads: accessLists(byRows),
    writes: accessLists(out),
  }];
}

/** Returns the call that expands a batch compressed by rows to a dense matrix out [count, features]. */
export function expandCalls({ shape }: Tensor, byRows: Compressed, out: Reference): Calls {
  const [count, features] = shape;
  return [{
    kernel: "expandRows",
    arguments: [byRows.counts, byRows.entries, byRows.slot, "from", "to", features, out],
    rows: count,
    reads: accessLists(byRows),
    writes: [access(out, 4 * features)],
  }];
}
