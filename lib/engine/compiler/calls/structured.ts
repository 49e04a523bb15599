/**
 * Kernel calls of structured operations other than products: reductions, transposes, layouts.
 *
 * Shapes are in brackets. An operand in panels is one matrix [rows, width] for each panel.
 *
 * @module
 */

import { DOT_BLOCK } from "../../../tensor/mod.ts";
import {
  KERNEL_SCRATCH,
  offsetRegion,
  type PanelRegion,
  splitIntoPanels,
} from "../../program/program.ts";
import { accessTo, type Calls, type Reference, type UnitCall } from "../unit.ts";

/** A matrix in memory, with its shape and layout. */
export interface Matrix {
  /** Memory with the elements. */
  readonly reference: Reference;
  /** Number of rows in memory. */
  readonly rows: number;
  /** Number of columns in memory. */
  readonly columns: number;
  /** Whether the matrix is in panels; otherwise it is row-major. */
  readonly inPanels: boolean;
  /** Whether the transpose of this matrix is the factor of a product. Defaults to false. */
  readonly isTransposed?: boolean;
}

/**
 * Returns the calls that sum the rows of x [m, n] to out [n], one for each panel. Workers partition the
 * columns. The rows are divided into `parts` micro-batches, whose sums are added by a tree.
 */
export function sumRowsCalls(
  { reference, rows, columns, inPanels }: Matrix,
  out: Reference,
  parts: number,
): Calls {
  const divided = parts > 1 ? [parts, { space: KERNEL_SCRATCH, offset: 0 }] : [];
  return splitIntoPanels(columns, inPanels).map(({ first, width }): UnitCall => {
    const x = offsetRegion(reference, 4 * first * rows);
    const y = offsetRegion(out, 4 * first);
    return {
      kernel: parts > 1 ? "sumRowsInParts" : "sumRows",
      arguments: [
        { region: x, perRow: 4 },
        4 * width,
        rows,
        { rows: 1 },
        ...divided,
        { region: y, perRow: 4 },
      ],
      rows: width,
      reads: [accessTo(reference)],
      writes: [{ region: y, bytes: 4 * width, perRow: 4 }],
      flops: rows * width,
    };
  });
}

/**
 * Returns one call of a kernel with the arguments (x, m, n, out), which computes each row independently: x
 * [m, n] → out [m].
 */
export function rowwiseCalls(
  kernel: string,
  { reference, rows, columns }: Matrix,
  out: Reference,
): Calls {
  const perRow = 4 * columns;
  const perRowOut = out.bytes / rows;
  return [{
    kernel,
    arguments: [{ region: reference, perRow }, { rows: 1 }, columns, {
      region: out,
      perRow: perRowOut,
    }],
    rows,
    reads: [accessTo(reference, perRow)],
    writes: [accessTo(out, perRowOut)],
    flops: rows * columns,
  }];
}

/**
 * Returns one kernel call, which gathers one element of each row of x [m, n] to out [m]. `columnNumbers` [m]
 * has the column index of each.
 */
export function gatherColumnsCalls(
  { reference, rows, columns }: Matrix,
  columnNumbers: Reference,
  out: Reference,
): Calls {
  const perRow = 4 * columns;
  return [{
    kernel: "gatherColumns",
    arguments: [
      { region: reference, perRow },
      { region: columnNumbers, perRow: 4 },
      { rows: 1 },
      columns,
      { region: out, perRow: 4 },
    ],
    rows,
    reads: [accessTo(reference, perRow), accessTo(columnNumbers, 4)],
    writes: [accessTo(out, 4)],
  }];
}

/**
 * Returns the calls that transpose a matrix, one for each panel: a panel [rows, width] becomes `width`
 * consecutive rows of the row-major result.
 */
export function transposeCalls(
  { reference, rows, columns, inPanels }: Matrix,
  out: Reference,
): Calls {
  return splitIntoPanels(columns, inPanels).map(({ first, width }): UnitCall => {
    const offset = 4 * first * rows;
    return {
      kernel: "transpose",
      arguments: [offsetRegion(reference, offset), rows, width, offsetRegion(out, offset)],
      reads: [accessTo(reference)],
      writes: [accessTo(out)],
    };
  });
}

/** Returns the number of blocks in which `dot` sums vectors of `length` elements. */
export function countDotBlocks(length: number): number {
  return Math.ceil(length / DOT_BLOCK);
}

/**
 * Returns the two calls that compute a [n] · b [n] → out []. The first computes the sum of each block, `sums`
 * [blocks], the second adds these sums.
 */
export function dotCalls(
  [a, b]: readonly [Reference, Reference],
  sums: Reference,
  out: Reference,
): Calls {
  const length = a.bytes / 4;
  const blocks = countDotBlocks(length);
  const perBlock = 4 * DOT_BLOCK;
  return [
    {
      kernel: "dotBlocks",
      arguments: [a, b, length, sums, "from", "to"],
      rows: blocks,
      grain: 1,
      reads: [accessTo(a, perBlock), accessTo(b, perBlock)],
      writes: [accessTo(sums, 4)],
      flops: 2 * length,
    },
    {
      kernel: "sumVector",
      arguments: [sums, blocks, out],
      reads: [accessTo(sums)],
      writes: [accessTo(out)],
      flops: blocks,
    },
  ];
}

/**
 * Returns the calls that copy a tensor from one memory to another and convert the matrices of `regions` in
 * the copy: to panels, or to row-major order (`direction`).
 */
export function convertLayoutCalls(
  from: Reference,
  to: Reference,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): Calls {
  const accesses = { reads: [accessTo(from)], writes: [accessTo(to)] };
  const all: UnitCall = { kernel: "copyBytes", arguments: [from, to, from.bytes], ...accesses };
  const covered = regions.reduce((sum, { rows, columns }) => sum + 4 * rows * columns, 0);
  const panels = regions.flatMap(({ offset, rows, columns }) =>
    splitIntoPanels(columns, true).map(({ first, width }): UnitCall => {
      const inRows = [4 * (offset + first), 4 * columns] as const;
      const inPanels = [4 * (offset + first * rows), 4 * width] as const;
      const [source, target] = direction === "panels" ? [inRows, inPanels] : [inPanels, inRows];
      return {
        kernel: "copyRows",
        arguments: [
          offsetRegion(from, source[0]),
          source[1],
          offsetRegion(to, target[0]),
          target[1],
          rows,
          4 * width,
        ],
        ...accesses,
      };
    })
  );
  return covered === from.bytes ? panels : [all, ...panels];
}
