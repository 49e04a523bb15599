/**
 * The kernel calls of structured operations.
 *
 * Shapes are in brackets; [rows, columns] of an operand in panels is a matrix for each panel.
 *
 * @module
 */

import { DOT_BLOCK, sizeOf, type Tensor } from "../tensor/mod.ts";
import { align } from "./memory.ts";
import { after, type Call, type PanelRegion, panelsOf, type Place } from "./program.ts";
import type { MakeCalls, Span } from "./unit.ts";

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
  /** Whether its transpose is meant; only of matrices in rows. */
  readonly isTransposed?: boolean;
}

/** Where some columns begin, and the bytes from one row and from one column to the next. */
function columnsFrom(
  { span, rows, columns, inPanels, isTransposed = false }: Matrix,
  first: number,
  width: number,
) {
  if (isTransposed) return { span, offset: 4 * first * columns, row: 4, column: 4 * columns };
  const offset = 4 * first * (inPanels ? rows : 1);
  return { span, offset, row: 4 * (inPanels ? width : columns), column: 4 };
}

/** Bytes of work space for the kernel of a dense product: a packed block of each factor and a tile. */
export const MATMUL_WORK: number = 128 * 256 * 4 + 256 * 48 + 192;

/** left [m, k] · right [k, n] = out [m, n]: a call, or one for each panel. */
export function matmulCalls(left: Matrix, right: Matrix, out: Matrix, work: Span): MakeCalls {
  const a = columnsFrom(left, 0, left.columns);
  const depth = left.isTransposed === true ? left.rows : left.columns;
  return (place) =>
    panelsOf(out.columns, out.inPanels || right.inPanels).map(({ first, width }) => {
      const [b, y] = [columnsFrom(right, first, width), columnsFrom(out, first, width)];
      return {
        kernel: "matmul",
        arguments: [
          ...[place(a.span), a.row, a.column],
          ...[after(place(b.span), b.offset), b.row, b.column],
          ...[after(place(y.span), y.offset), y.row, 0, out.rows, width, depth, place(work)],
        ],
      };
    });
}

/** A batch compressed by rows, or by columns for its transpose, · right = out: a call for each panel. */
export function sparseProductCalls(batch: Span, right: Matrix, out: Matrix): MakeCalls {
  return (place) =>
    panelsOf(out.columns, true).map(({ first, width }) => {
      const [b, y] = [columnsFrom(right, first, width), columnsFrom(out, first, width)];
      return {
        kernel: "sparseProduct",
        arguments: [
          ...[place(batch), after(place(b.span), b.offset), b.row],
          ...[after(place(y.span), y.offset), y.row, 0, out.rows, out.rows, width],
        ],
      };
    });
}

/** Sums of the rows: x [m, n] → out [n]. */
export function sumRowsCalls({ span, rows, columns, inPanels }: Matrix, out: Span): MakeCalls {
  return (place) =>
    panelsOf(columns, inPanels).map(({ first, width }) => ({
      kernel: "sumRows",
      arguments: [
        ...[after(place(span), 4 * first * rows), rows, width],
        after(place(out), 4 * first),
      ],
    }));
}

/** A number from each row: x [m, n] → out [m]. */
export function reduceColumnsCalls(
  kernel: "sumColumns" | "maxColumns" | "argmaxColumns",
  { span, rows, columns }: Matrix,
  out: Span,
): MakeCalls {
  return (place) => [{ kernel, arguments: [place(span), rows, columns, place(out)] }];
}

/** The number of each row in a given column: x [m, n], columns [m] → out [m]. */
export function pickCalls({ span, rows, columns }: Matrix, picked: Span, out: Span): MakeCalls {
  return (place) => [{
    kernel: "pick",
    arguments: [place(span), place(picked), rows, columns, place(out)],
  }];
}

/** A panel [rows, width] becomes rows of the transpose, and these follow each other. */
export function transposeCalls({ span, rows, columns, inPanels }: Matrix, out: Span): MakeCalls {
  return (place) =>
    panelsOf(columns, inPanels).map(({ first, width }) => {
      const offset = 4 * first * rows;
      return {
        kernel: "transpose",
        arguments: [after(place(span), offset), rows, width, after(place(out), offset)],
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
  return (place) => [
    { kernel: "dotBlocks", arguments: [place(a), place(b), length, place(sums), 0, blocks] },
    { kernel: "sumVector", arguments: [place(sums), blocks, place(out)] },
  ];
}

/** The name of a data set and the place of one of its parts. */
export function sourcePlace({ inputs: [data] }: Tensor, part: string): Place {
  const name = data?.operation.kind === "source" ? data.operation.name : "";
  return { space: `source:${name}.${part}`, offset: 0 };
}

/** Rows of a dense data set: rows [count] → out [count, features]. */
export function takeCalls(taken: Tensor, rows: Span, out: Span): MakeCalls {
  const [count, features] = taken.shape as readonly [number, number];
  const data = taken.inputs[0]?.operation;
  const is8Bit = data?.kind === "source" && data.encoding === "dense8";
  const parts = [sourcePlace(taken, "values"), sourcePlace(taken, "scale")];
  return (place) => [{
    kernel: is8Bit ? "takeDense8" : "takeDense32",
    arguments: [place(rows), count, features, ...parts, place(out)],
  }];
}

/** Bytes of a batch compressed by rows or columns: where each list starts, then room for all entries. */
export function compressedBytes({ shape }: Tensor, by: "rows" | "columns"): number {
  const [rows, columns] = shape as readonly [number, number];
  return startBytes(by === "rows" ? rows : columns) + 8 * sizeOf(shape);
}

function startBytes(lists: number): number {
  return align(4 * (lists + 1));
}

/** Rows of a sparse data set: rows [count] → out, compressed by rows. */
export function compressRowsCalls(taken: Tensor, rows: Span, out: Span): MakeCalls {
  const [count] = taken.shape as readonly [number, number];
  const parts = ["starts", "columns", "values", "scale"].map((part) => sourcePlace(taken, part));
  return (place) => [{
    kernel: "compressRows",
    arguments: [place(rows), count, ...parts, place(out)],
  }];
}

/** A batch compressed by rows → the same, compressed by columns. */
export function compressColumnsCalls({ shape }: Tensor, byRows: Span, out: Span): MakeCalls {
  return (place) => [{
    kernel: "compressColumns",
    arguments: [place(byRows), ...shape, place(out)],
  }];
}

/** A batch compressed by rows → out [count, features], with its zeros. */
export function expandCalls({ shape }: Tensor, byRows: Span, out: Span): MakeCalls {
  const [count] = shape as readonly [number, number];
  return (place) => [{
    kernel: "expandRows",
    arguments: [place(byRows), startBytes(count), ...shape, place(out)],
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
    const all: Call = { kernel: "copyBytes", arguments: [place(from), place(to), from.bytes] };
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
        };
      })
    );
    return covered === from.bytes ? panels : [all, ...panels];
  };
}
