/**
 * The kernel calls that bring the rows of a batch in: from their data set outside the memory, decoded,
 * or compressed to lists of what is not zero.
 *
 * @module
 */

import { sizeOf, takenOf, type Tensor } from "../../../tensor/mod.ts";
import { ALIGNMENT } from "../scratch_memory.ts";
import type { Lists, Place, Touch } from "../../program/program.ts";
import { scaleOf } from "../../program/sources.ts";
import { touch } from "./structured.ts";
import { type MakeCalls, privateScratch, type Span } from "../unit.ts";

/** The data set that rows, deformed or not, are taken from. */
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
export function stageCalls(
  taken: Tensor,
  rows: Span,
  out: Span,
  isEveryones: boolean,
): MakeCalls {
  const [count, features] = taken.shape as readonly [number, number];
  const { name, size } = sourceOf(taken);
  return (place) => [{
    kernel: "stageRows",
    arguments: [{ source: name }, place(rows), "from", "to", place(out)],
    rows: count,
    isEveryones,
    reads: [touch(place(rows), rows, isEveryones ? undefined : 4)],
    writes: [touch(place(out), out, size * features)],
    sourceBytes: size * count * features,
  }];
}

/** Staged rows → out [count, features], decoded. */
export function decodeCalls(taken: Tensor, staged: Span, out: Span): MakeCalls {
  const [count, features] = taken.shape as readonly [number, number];
  const { name, size } = sourceOf(taken);
  return (place) => [{
    kernel: size === 1 ? "decode8" : "decode32",
    arguments: [place(staged), scaleOf(name), features, "from", "to", place(out)],
    rows: count,
    reads: [touch(place(staged), staged, size * features)],
    writes: [touch(place(out), out, 4 * features)],
    flops: count * features,
  }];
}

/**
 * A batch of sparse rows: for each row (or column, for the transpose) a list of entries, the column
 * (or row) and the value of what is not zero. Each list has room for all, so that workers fill theirs
 * without knowing of each other's.
 */
export interface Compressed {
  /** Number of entries in each list. */
  readonly counts: Span;
  /** The lists. */
  readonly entries: Span;
  /** Bytes from one list to the next: an odd number of cache lines, so that lists spread over sets. */
  readonly slot: number;
}

/** Memory, of each worker, for a batch [rows, columns] compressed by rows or by columns. */
export function compressedOf({ shape }: Tensor, by: "rows" | "columns"): Compressed {
  const [rows, columns] = shape as readonly [number, number];
  const [lists, longest] = by === "rows" ? [rows, columns] : [columns, rows];
  const lines = Math.ceil((8 * longest) / ALIGNMENT);
  const slot = ALIGNMENT * (lines % 2 === 0 ? lines + 1 : lines);
  return { counts: privateScratch(4 * lists), entries: privateScratch(slot * lists), slot };
}

/** Lists whose lengths a program can be asked for. */
export function listsOf(place: (span: Span) => Place, { counts }: Compressed): Lists {
  return { counts: place(counts), lists: counts.bytes / 4 };
}

/** Lists are each worker's own. */
export function touchLists(place: (span: Span) => Place, batch: Compressed): Touch[] {
  const { counts, entries } = batch;
  const lists = listsOf(place, batch);
  return [touch(place(counts), counts), { ...touch(place(entries), entries), lists }];
}

/** Staged rows of 8-bit values → out, compressed by rows: all, or those of each worker. */
export function compressRowsCalls(
  taken: Tensor,
  staged: Span,
  out: Compressed,
  isEveryones: boolean,
): MakeCalls {
  const [count, features] = taken.shape as readonly [number, number];
  return (place) => [{
    kernel: "compressRows",
    arguments: [
      ...[place(staged), scaleOf(sourceOf(taken).name), features, "from", "to"] as const,
      place(out.counts),
      place(out.entries),
      out.slot,
    ],
    rows: count,
    isEveryones,
    reads: [touch(place(staged), staged, features)],
    writes: touchLists(place, out),
    flops: { perEntry: 1, of: listsOf(place, out) },
  }];
}

/** A batch compressed by rows → the same, compressed by columns. */
export function compressColumnsCalls(
  { shape }: Tensor,
  byRows: Compressed,
  out: Compressed,
): MakeCalls {
  const [rows, columns] = shape as readonly [number, number];
  return (place) => [{
    kernel: "compressColumns",
    arguments: [
      ...[place(byRows.counts), place(byRows.entries), byRows.slot, rows, "from", "to"] as const,
      place(out.counts),
      place(out.entries),
      out.slot,
    ],
    rows: columns,
    isEveryones: true,
    reads: touchLists(place, byRows),
    writes: touchLists(place, out),
  }];
}

/** A batch compressed by rows → out [count, features], with its zeros. */
export function expandCalls({ shape }: Tensor, byRows: Compressed, out: Span): MakeCalls {
  const [count, features] = shape as readonly [number, number];
  return (place) => [{
    kernel: "expandRows",
    arguments: [
      ...[place(byRows.counts), place(byRows.entries), byRows.slot, "from", "to"] as const,
      features,
      place(out),
    ],
    rows: count,
    reads: touchLists(place, byRows),
    writes: [touch(place(out), out, 4 * features)],
  }];
}
