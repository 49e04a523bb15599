/**
 * The kernel calls that bring the rows of a batch in: from their data set outside the memory, decoded,
 * or compressed to lists of what is not zero.
 *
 * @module
 */

import { sizeOf, takenOf, type Tensor } from "../../../tensor/mod.ts";
import { ALIGNMENT } from "../scratch_memory.ts";
import type { Lists, Touch } from "../../program/program.ts";
import { scaleOf } from "../../program/sources.ts";
import { type Calls, privateScratch, type Span, touch } from "../unit.ts";

/** The data set that rows, augmented or not, are taken from. */
function sourceOf(rows: Tensor): { readonly name: string; readonly size: 1 | 4 } {
  const data = takenOf(rows)?.inputs[0];
  if (data?.operation.kind !== "source") {
    throw new TypeError(`Cannot take rows: expected a source: received ${data?.operation.kind}`);
  }
  const { name, encoding } = data.operation;
  return { name, size: encoding === "dense32" ? 4 : 1 };
}

/** Memory, of each worker, for rows as they come from their data set: 8 or 32 bits a feature. */
export function stagedOf(taken: Tensor): Span {
  return privateScratch(sourceOf(taken).size * sizeOf(taken.shape));
}

/** Rows of a data set outside the memory: rows [count] → out, all or those of each worker. */
export function stageCalls(taken: Tensor, rows: Span, out: Span, isEveryones: boolean): Calls {
  const [count, features] = taken.shape;
  const { name, size } = sourceOf(taken);
  return [{
    kernel: "stageRows",
    arguments: [{ source: name }, rows, "from", "to", out],
    rows: count,
    isEveryones,
    reads: [touch(rows, isEveryones ? undefined : 4)],
    writes: [touch(out, size * features)],
    sourceBytes: size * count * features,
  }];
}

/** Staged rows → out [count, features], decoded. */
export function decodeCalls(taken: Tensor, staged: Span, out: Span): Calls {
  const [count, features] = taken.shape;
  const { name, size } = sourceOf(taken);
  return [{
    kernel: size === 1 ? "decode8" : "decode32",
    arguments: [staged, scaleOf(name), features, "from", "to", out],
    rows: count,
    reads: [touch(staged, size * features)],
    writes: [touch(out, 4 * features)],
    flops: count * features,
  }];
}

/**
 * A batch of sparse rows: for each row (or column, for the transpose) a list of entries, the column
 * (or row) and the value of what is not zero. Each list has room for all, so that workers fill theirs
 * without knowing of each other's.
 */
export interface Compressed {
  readonly counts: Span;
  readonly entries: Span;
  /** Bytes from one list to the next: an odd number of cache lines, so that lists spread over sets. */
  readonly slot: number;
}

/** Memory, of each worker, for a batch [rows, columns] compressed by rows or by columns. */
export function compressedOf({ shape }: Tensor, by: "rows" | "columns"): Compressed {
  const [rows, columns] = shape;
  const [lists, longest] = by === "rows" ? [rows, columns] : [columns, rows];
  const lines = Math.ceil((8 * longest) / ALIGNMENT);
  const slot = ALIGNMENT * (lines % 2 === 0 ? lines + 1 : lines);
  return { counts: privateScratch(4 * lists), entries: privateScratch(slot * lists), slot };
}

/** Lists whose lengths a program can be asked for. */
export function listsOf({ counts }: Compressed): Lists<Span> {
  return { counts, lists: counts.bytes / 4 };
}

/** Lists are each worker's own. */
export function touchLists(batch: Compressed): Touch<Span>[] {
  const { counts, entries } = batch;
  const lists = listsOf(batch);
  return [touch(counts), { ...touch(entries), lists }];
}

/** Staged rows of 8-bit values → out, compressed by rows: all, or those of each worker. */
export function compressRowsCalls(
  taken: Tensor,
  staged: Span,
  out: Compressed,
  isEveryones: boolean,
): Calls {
  const [count, features] = taken.shape;
  return [{
    kernel: "compressRows",
    arguments: [
      staged,
      scaleOf(sourceOf(taken).name),
      features,
      "from",
      "to",
      out.counts,
      out.entries,
      out.slot,
    ],
    rows: count,
    isEveryones,
    reads: [touch(staged, features)],
    writes: touchLists(out),
    flops: { perEntry: 1, of: listsOf(out) },
  }];
}

/** A batch compressed by rows → the same, compressed by columns. */
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
    isEveryones: true,
    reads: touchLists(byRows),
    writes: touchLists(out),
  }];
}

/** A batch compressed by rows → out [count, features], with its zeros. */
export function expandCalls({ shape }: Tensor, byRows: Compressed, out: Span): Calls {
  const [count, features] = shape;
  return [{
    kernel: "expandRows",
    arguments: [byRows.counts, byRows.entries, byRows.slot, "from", "to", features, out],
    rows: count,
    reads: touchLists(byRows),
    writes: [touch(out, 4 * features)],
  }];
}
