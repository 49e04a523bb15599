/**
 * Kernel calls of structured operations other than products: reductions, transposes, layouts.
 *
 * Shapes are in brackets. An operand in panels is one matrix [rows, width] for each panel.
 *
 * @module
 */

import { DOT_BLOCK } from "../../../tensor/mod.ts";
import { after, type PanelRegion, panelsOf } from "../../program/program.ts";
import { access, type Calls, type Reference, type UnitCall } from "../unit.ts";

export interface Matrix {
  readonly reference: Reference;
  readonly rows: number;
  readonly columns: number;
  readonly inPanels: boolean;
  readonly isTransposed?: boolean;
}

/** Returns the calls that sum the rows of x [m, n] to out [n]; workers partition the columns. */
export function sumRowsCalls(
  { reference, rows, columns, inPanels }: Matrix,
  out: Reference,
): Calls {
  return panelsOf(columns, inPanels).map(({ first, width }): UnitCall => {
    const x = after(reference, 4 * first * rows);
    const y = after(out, 4 * first);
    return {
      kernel: "sumRows",
      arguments: [{ region: x, perRow: 4 }, 4 * width, rows, { rows: 1 }, { region: y, perRow: 4 }],
      rows: width,
      reads: [access(reference)],
      writes: [{ region: y, bytes: 4 * width, perRow: 4 }],
      flops: rows * width,
    };
  });
}

/** Returns the call of a kernel (x, m, n, out) that computes each row independently: x [m, n] → out [m]. */
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
    reads: [access(reference, perRow)],
    writes: [access(out, perRowOut)],
    flops: rows * columns,
  }];
}

/** Returns the call that gathers one element of each row of x [m, n] by its column, columns [m], to out [m]. */
export function gatherColumnsCalls(
  { reference, rows, columns }: Matrix,
  picked: Reference,
  out: Reference,
): Calls {
  const perRow = 4 * columns;
  return [{
    kernel: "gatherColumns",
    arguments: [
      { region: reference, perRow },
      { region: picked, perRow: 4 },
      { rows: 1 },
      columns,
      { region: out, perRow: 4 },
    ],
    rows,
    reads: [access(reference, perRow), access(picked, 4)],
    writes: [access(out, 4)],
  }];
}

/**
 * Returns the calls that transpose a matrix. A panel [rows, width] becomes `width` consecutive rows of the
 * transpose.
 */
export function transposeCalls(
  { reference, rows, columns, inPanels }: Matrix,
  out: Reference,
): Calls {
  return panelsOf(columns, inPanels).map(({ first, width }): UnitCall => {
    const offset = 4 * first * rows;
    return {
      kernel: "transpose",
      arguments: [after(reference, offset), rows, width, after(out, offset)],
      reads: [access(reference)],
      writes: [access(out)],
    };
  });
}

/** Returns the number of blocks in which `dot` sums vectors of a length. */
export function dotBlocks(length: number): number {
  return Math.ceil(length / DOT_BLOCK);
}

/**
 * Returns the calls that compute a [n] · b [n] → out []: the sum of each block, then the sum of `sums`
 * [blocks].
 */
export function dotCalls(
  [a, b]: readonly [Reference, Reference],
  sums: Reference,
  out: Reference,
): Calls {
  const length = a.bytes / 4;
  const blocks = dotBlocks(length);
  const perBlock = 4 * DOT_BLOCK;
  return [
    {
      kernel: "dotBlocks",
      arguments: [a, b, length, sums, "from", "to"],
      rows: blocks,
      grain: 1,
      reads: [access(a, perBlock), access(b, perBlock)],
      writes: [access(sums, 4)],
      flops: 2 * length,
    },
    {
      kernel: "sumVector",
      arguments: [sums, blocks, out],
      reads: [access(sums)],
      writes: [access(out)],
      flops: blocks,
    },
  ];
}

/** Returns the calls that copy elements and convert the matrices of regions to panels, or to row-major order. */
export function relayoutCalls(
  from: Reference,
  to: Reference,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): Calls {
  const accesses = { reads: [access(from)], writes: [access(to)] };
  const all: UnitCall = { kernel: "copyBytes", arguments: [from, to, from.bytes], ...accesses };
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
        ...accesses,
      };
    })
  );
  return covered === from.bytes ? panels : [all, ...panels];
}
