/**
 * The kernel calls of structured operations other than products: reductions, transposes, layouts.
 *
 * Shapes are in brackets; [rows, columns] of an operand in panels is a matrix for each panel.
 *
 * @module
 */

import { DOT_BLOCK } from "../../../tensor/mod.ts";
import { after, type PanelRegion, panelsOf } from "../../program/program.ts";
import { type Calls, type Span, touch, type UnitCall } from "../unit.ts";

export interface Matrix {
  readonly span: Span;
  readonly rows: number;
  readonly columns: number;
  readonly inPanels: boolean;
  readonly isTransposed?: boolean;
}

/** Sums of the rows: x [m, n] → out [n]; columns are shared out. */
export function sumRowsCalls({ span, rows, columns, inPanels }: Matrix, out: Span): Calls {
  return panelsOf(columns, inPanels).map(({ first, width }): UnitCall => {
    const x = after(span, 4 * first * rows);
    const y = after(out, 4 * first);
    return {
      kernel: "sumRows",
      arguments: [{ place: x, perRow: 4 }, 4 * width, rows, { rows: 1 }, { place: y, perRow: 4 }],
      rows: width,
      reads: [touch(span)],
      writes: [{ place: y, bytes: 4 * width, perRow: 4 }],
      flops: rows * width,
    };
  });
}

/** What a kernel (x, m, n, out) makes of each row by itself: x [m, n] → out [m] or [m, …]. */
export function rowwiseCalls(kernel: string, { span, rows, columns }: Matrix, out: Span): Calls {
  const perRow = 4 * columns;
  const perRowOut = out.bytes / rows;
  return [{
    kernel,
    arguments: [{ place: span, perRow }, { rows: 1 }, columns, { place: out, perRow: perRowOut }],
    rows,
    reads: [touch(span, perRow)],
    writes: [touch(out, perRowOut)],
    flops: rows * columns,
  }];
}

/** The number of each row in a given column: x [m, n], columns [m] → out [m]. */
export function pickCalls({ span, rows, columns }: Matrix, picked: Span, out: Span): Calls {
  const perRow = 4 * columns;
  return [{
    kernel: "pick",
    arguments: [
      { place: span, perRow },
      { place: picked, perRow: 4 },
      { rows: 1 },
      columns,
      { place: out, perRow: 4 },
    ],
    rows,
    reads: [touch(span, perRow), touch(picked, 4)],
    writes: [touch(out, 4)],
  }];
}

/** A panel [rows, width] becomes rows of the transpose, and these follow each other. */
export function transposeCalls({ span, rows, columns, inPanels }: Matrix, out: Span): Calls {
  return panelsOf(columns, inPanels).map(({ first, width }): UnitCall => {
    const offset = 4 * first * rows;
    return {
      kernel: "transpose",
      arguments: [after(span, offset), rows, width, after(out, offset)],
      reads: [touch(span)],
      writes: [touch(out)],
    };
  });
}

export function dotBlocks(length: number): number {
  return Math.ceil(length / DOT_BLOCK);
}

/** a [n] · b [n] → out []: the sum of each block, then the sum of the `sums` [blocks]. */
export function dotCalls([a, b]: readonly [Span, Span], sums: Span, out: Span): Calls {
  const length = a.bytes / 4;
  const blocks = dotBlocks(length);
  const perBlock = 4 * DOT_BLOCK;
  return [
    {
      kernel: "dotBlocks",
      arguments: [a, b, length, sums, "from", "to"],
      rows: blocks,
      grain: 1,
      reads: [touch(a, perBlock), touch(b, perBlock)],
      writes: [touch(sums, 4)],
      flops: 2 * length,
    },
    {
      kernel: "sumVector",
      arguments: [sums, blocks, out],
      reads: [touch(sums)],
      writes: [touch(out)],
      flops: blocks,
    },
  ];
}

/** The same elements with some matrices in panels instead of rows, or in rows again. */
export function relayoutCalls(
  from: Span,
  to: Span,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): Calls {
  const touches = { reads: [touch(from)], writes: [touch(to)] };
  const all: UnitCall = { kernel: "copyBytes", arguments: [from, to, from.bytes], ...touches };
  const covered = regions.reduce((sum, { rows, columns }) => sum + 4 * rows * columns, 0);
  const panels = regions.flatMap(({ offset, rows, columns }) =>
    panelsOf(columns, true).map(({ first, width }): UnitCall => {
      const inRows = [4 * (offset + first), 4 * columns] as const;
      const inPanels = [4 * (offset + first * rows), 4 * width] as const;
      const [source, target] = direction === "panels" ? [inRows, inPanels] : [inPanels, inRows];
      return {
        kernel: "copyRows",
        arguments: [
          after(from, source[0]),
          source[1],
          after(to, target[0]),
          target[1],
          rows,
          4 * width,
        ],
        ...touches,
      };
    })
  );
  return covered === from.bytes ? panels : [all, ...panels];
}
