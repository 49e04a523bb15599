/**
 * The kernel calls of structured operations.
 *
 * Shapes are in brackets; [rows, columns] of an operand in panels is a matrix for each panel.
 *
 * @module
 */

import { DOT_BLOCK, sizeOf, type Tensor } from "../tensor/mod.ts";
import { FORM } from "./form.ts";
import { ALIGNMENT } from "./memory.ts";
import {
  after,
  type Call,
  type Lists,
  PANEL,
  type PanelRegion,
  panelsOf,
  type Place,
  type Touch,
  WORK,
} from "./program.ts";
import { scaleOf } from "./sources.ts";
import { type MakeCalls, privateScratch, type Span } from "./unit.ts";

/** A matrix in memory. */
export interface Matrix {
  /** Where its elements are. */
  readonly span: Span;
  /** Number of rows as it lies in memory. */
  readonly rows: number;
  /** Number of columns as it lies in memory. */
  readonly columns: number;
  /** Whether it lies in panels. */
  readonly inPanels: boolean;
  /** Whether its transpose is meant. */
  readonly isTransposed?: boolean;
}

/** All bytes of a span, each row its own if its rows are shared out. */
function touch(place: Place, { bytes }: Span, perRow?: number): Touch {
  return perRow === undefined ? { place, bytes } : { place, bytes, perRow };
}

/** What workers share of a product: the rows of its result, or those of the result's panels. */
export type Sharing = "rows" | "panels";

function sharedRows({ rows, columns }: Matrix, by: Sharing): number {
  return by === "rows" ? rows : rows * Math.ceil(columns / PANEL);
}

/**
 * What a product writes. Of a matrix in rows whose panels are shared out, each worker is taken to write
 * all, though it writes but the columns of its panels.
 */
function productWrites(place: (span: Span) => Place, { span, ...out }: Matrix, by: Sharing): Touch {
  if (out.inPanels) return { ...touch(place(span), span), panels: out };
  return touch(place(span), span, by === "rows" ? 4 * out.columns : undefined);
}

/** left [m, k] · right [k, n] = out [m, n]. */
export function matmulCalls(
  left: Matrix,
  right: Matrix,
  out: Matrix,
  { zerosLeftOut, by }: { readonly zerosLeftOut: boolean; readonly by: Sharing },
): MakeCalls {
  const isTransposed = left.isTransposed === true;
  const form = (isTransposed ? FORM.leftTransposed : 0) +
    (right.isTransposed === true ? FORM.rightTransposed : 0) +
    (right.inPanels ? FORM.rightInPanels : 0) +
    (out.inPanels ? FORM.outInPanels : 0) +
    (zerosLeftOut ? FORM.zerosLeftOut : 0) +
    (by === "rows" ? FORM.sharedByRows : 0);
  const ownRows = by === "rows" && !isTransposed ? 4 * left.columns : undefined;
  return (place) => [{
    kernel: "matmul",
    arguments: [
      ...[place(left.span), place(right.span), place(out.span), out.rows, out.columns],
      ...[isTransposed ? left.rows : left.columns, form, { space: WORK, offset: 0 }],
      ...["from", "to"] as const,
    ],
    rows: sharedRows(out, by),
    reads: [touch(place(left.span), left.span, ownRows), touch(place(right.span), right.span)],
    writes: [productWrites(place, out, by)],
    flops: zerosLeftOut
      ? {
        perEntry: 2 * out.columns,
        of: { numbers: place(left.span), length: left.span.bytes / 4 },
      }
      : 2 * out.rows * out.columns * (isTransposed ? left.rows : left.columns),
  }];
}

/** A batch compressed by rows, or by columns for its transpose, · right = out. */
export function sparseProductCalls(
  batch: Compressed,
  right: Matrix,
  out: Matrix,
  by: Sharing,
): MakeCalls {
  return (place) => [{
    kernel: "sparseProduct",
    arguments: [
      ...[place(batch.counts), place(batch.entries), batch.slot],
      ...[place(right.span), place(out.span), out.rows, out.columns, right.rows],
      ...[
        Number(right.inPanels),
        Number(out.inPanels),
        Number(by === "rows"),
        { space: WORK, offset: 0 },
        "from",
        "to",
      ] as const,
    ],
    rows: sharedRows(out, by),
    reads: [...touchLists(place, batch), touch(place(right.span), right.span)],
    writes: [productWrites(place, out, by)],
    flops: { perEntry: 2 * out.columns, of: listsOf(place, batch) },
  }];
}

/** Sums of the rows: x [m, n] → out [n]; columns are shared out. */
export function sumRowsCalls({ span, rows, columns, inPanels }: Matrix, out: Span): MakeCalls {
  return (place) =>
    panelsOf(columns, inPanels).map(({ first, width }): Call => {
      const x = after(place(span), 4 * first * rows);
      const y = after(place(out), 4 * first);
      return {
        kernel: "sumRows",
        arguments: [
          ...[{ place: x, perRow: 4 }, 4 * width, rows, { rows: 1 }],
          { place: y, perRow: 4 },
        ],
        rows: width,
        reads: [touch(place(span), span)],
        writes: [{ place: y, bytes: 4 * width, perRow: 4 }],
        flops: rows * width,
      };
    });
}

/** A number from each row: x [m, n] → out [m]. */
export function reduceColumnsCalls(
  kernel: "sumColumns" | "maxColumns" | "argmaxColumns",
  { span, rows, columns }: Matrix,
  out: Span,
): MakeCalls {
  const perRow = 4 * columns;
  return (place) => [{
    kernel,
    arguments: [
      ...[{ place: place(span), perRow }, { rows: 1 }, columns],
      { place: place(out), perRow: 4 },
    ],
    rows,
    reads: [touch(place(span), span, perRow)],
    writes: [touch(place(out), out, 4)],
    flops: rows * columns,
  }];
}

/** The number of each row in a given column: x [m, n], columns [m] → out [m]. */
export function pickCalls({ span, rows, columns }: Matrix, picked: Span, out: Span): MakeCalls {
  const perRow = 4 * columns;
  return (place) => [{
    kernel: "pick",
    arguments: [
      ...[{ place: place(span), perRow }, { place: place(picked), perRow: 4 }],
      ...[{ rows: 1 }, columns, { place: place(out), perRow: 4 }],
    ],
    rows,
    reads: [touch(place(span), span, perRow), touch(place(picked), picked, 4)],
    writes: [touch(place(out), out, 4)],
  }];
}

/** A panel [rows, width] becomes rows of the transpose, and these follow each other. */
export function transposeCalls({ span, rows, columns, inPanels }: Matrix, out: Span): MakeCalls {
  return (place) =>
    panelsOf(columns, inPanels).map(({ first, width }): Call => {
      const offset = 4 * first * rows;
      return {
        kernel: "transpose",
        arguments: [after(place(span), offset), rows, width, after(place(out), offset)],
        reads: [touch(place(span), span)],
        writes: [touch(place(out), out)],
      };
    });
}

/** How many blocks a dot product falls into. */
export function dotBlocks(length: number): number {
  return Math.ceil(length / DOT_BLOCK);
}

/** a [n] · b [n] → out []: the sum of each block, then the sum of the `sums` [blocks]. */
export function dotCalls([a, b]: readonly [Span, Span], sums: Span, out: Span): MakeCalls {
  const length = a.bytes / 4;
  const blocks = dotBlocks(length);
  const perBlock = 4 * DOT_BLOCK;
  return (place) => [
    {
      kernel: "dotBlocks",
      arguments: [place(a), place(b), length, place(sums), "from", "to"],
      rows: blocks,
      grain: 1,
      reads: [touch(place(a), a, perBlock), touch(place(b), b, perBlock)],
      writes: [touch(place(sums), sums, 4)],
      flops: 2 * length,
    },
    {
      kernel: "sumVector",
      arguments: [place(sums), blocks, place(out)],
      reads: [touch(place(sums), sums)],
      writes: [touch(place(out), out)],
      flops: blocks,
    },
  ];
}

/** The data set that rows are taken from. */
function sourceOf({ inputs: [data] }: Tensor): { readonly name: string; readonly size: 1 | 4 } {
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

function listsOf(place: (span: Span) => Place, { counts }: Compressed): Lists {
  return { counts: place(counts), lists: counts.bytes / 4 };
}

/** Lists are each worker's own. */
function touchLists(place: (span: Span) => Place, batch: Compressed): Touch[] {
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
      ...[place(out.counts), place(out.entries), out.slot],
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
      ...[place(out.counts), place(out.entries), out.slot],
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
      ...[features, place(out)],
    ],
    rows: count,
    reads: touchLists(place, byRows),
    writes: [touch(place(out), out, 4 * features)],
  }];
}

/** The same elements with some matrices in panels instead of rows, or in rows again. */
export function relayoutCalls(
  from: Span,
  to: Span,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): MakeCalls {
  return (place) => {
    const touches = { reads: [touch(place(from), from)], writes: [touch(place(to), to)] };
    const all: Call = {
      kernel: "copyBytes",
      arguments: [place(from), place(to), from.bytes],
      ...touches,
    };
    const covered = regions.reduce((sum, { rows, columns }) => sum + 4 * rows * columns, 0);
    const panels = regions.flatMap(({ offset, rows, columns }) =>
      panelsOf(columns, true).map(({ first, width }): Call => {
        const inRows = [4 * (offset + first), 4 * columns] as const;
        const inPanels = [4 * (offset + first * rows), 4 * width] as const;
        const [source, target] = direction === "panels" ? [inRows, inPanels] : [inPanels, inRows];
        return {
          kernel: "copyRows",
          arguments: [
            ...[after(place(from), source[0]), source[1]],
            ...[after(place(to), target[0]), target[1]],
            ...[rows, 4 * width],
          ],
          ...touches,
        };
      })
    );
    return covered === from.bytes ? panels : [all, ...panels];
  };
}
