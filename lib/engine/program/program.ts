/**
 * Programs, the compiled form of expressions: kernel calls on named spaces of memory, as plain data that can
 * be sent to workers.
 *
 * @module
 */

import type { Loop } from "./loop.ts";

/**
 * A position in memory: an offset into a space. Spaces are inputs and outputs by name ("in:rows",
 * "out:loss"), scales of data sets ("source:x.scale"), "scratch", which workers share, and two of which
 * each worker has a copy of its own ({@linkcode KERNEL_SCRATCH}, {@linkcode WORKER_LOCAL}). Spaces get
 * addresses when the program is bound to a memory.
 */
export interface Region {
  /** Name of the space. */
  readonly space: string;
  /** Bytes from the start of the space. */
  readonly offset: number;
}

/**
 * One argument of a kernel call, before memory is laid out and rows are partitioned among workers. Binding
 * turns it into a number: a constant, an address, the worker's range or number of rows, or the index of a
 * data set.
 */
export type KernelArgument<At = Region> =
  | number
  | At
  /** The address of the worker's first row in a region whose rows are `perRow` bytes apart. */
  | { readonly region: At; readonly perRow: number }
  /** The worker's first row, or the row after its last. */
  | "from"
  | "to"
  /** The number of the worker's rows times a factor. */
  | { readonly rows: number }
  /** The index of a data set in the machine's list. */
  | { readonly source: string };

/**
 * Memory that a call reads or writes. With `perRow` or `panels`, a worker accesses the bytes of its rows;
 * otherwise it accesses all bytes.
 */
export interface MemoryAccess<At = Region> {
  /** First byte. */
  readonly region: At;
  /** Number of bytes. */
  readonly bytes: number;
  /** Bytes of each row. */
  readonly perRow?: number;
  /** Shape of a matrix in panels; its rows are counted from panel to panel. */
  readonly panels?: Pick<PanelRegion, "rows" | "columns">;
  /** Lists that the bytes have room for, if any; only existing entries are accessed. */
  readonly lists?: Lists<At>;
}

/** Lists of entries whose lengths depend on the data. */
export interface Lists<At = Region> {
  /** The length of each list in memory, a 32-bit integer. */
  readonly counts: At;
  /** Number of lists. */
  readonly lists: number;
}

/** Numbers in memory, of which the non-zero ones are counted. */
export interface NonZeros<At = Region> {
  /** First number. */
  readonly numbers: At;
  /** Number of numbers, including zeros. */
  readonly length: number;
}

/** An amount: a constant, or a factor times the number of list entries or of non-zero numbers. */
export type Amount<At = Region> =
  | number
  | { readonly perEntry: number; readonly of: Lists<At> | NonZeros<At> };

/** One call of a kernel or of a loop. */
export interface Call<At = Region> {
  /** Name of a kernel, or of one of the program's own loops. */
  readonly kernel: string;
  /** Arguments, in the order of the function's parameters. */
  readonly arguments: readonly KernelArgument<At>[];
  /** Rows to partition among workers. Defaults to none: one worker makes the call. */
  readonly rows?: number;
  /** Rows that are not divided among workers. Defaults to 4. */
  readonly grain?: number;
  /** Whether every worker computes all rows, in memory of its own. Defaults to false. */
  readonly isReplicated?: boolean;
  /** Memory that it reads, except for data sets. */
  readonly reads: readonly MemoryAccess<At>[];
  /** Memory that it writes. */
  readonly writes: readonly MemoryAccess<At>[];
  /** Useful floating-point operations for all rows, as `costOf` counts them. Defaults to 0. */
  readonly flops?: Amount<At>;
  /** Bytes of data sets that it reads. Defaults to 0. */
  readonly sourceBytes?: Amount<At>;
}

/** Space of each worker for the work of one call, for example packed blocks of a product's factors. */
export const KERNEL_SCRATCH = "work";

/** Space of each worker for values that it does not share, from call to call. */
export const WORKER_LOCAL = "own";

/** Returns whether each worker has a copy of its own of a space. */
export function isPrivate(space: string): boolean {
  return space === KERNEL_SCRATCH || space === WORKER_LOCAL;
}

/** A weight matrix that lies in panels of {@linkcode PANEL} columns within a flat vector. */
export interface PanelRegion {
  /** First element of the matrix in the vector. */
  readonly offset: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
}

/** Columns of a panel; the last panel of a matrix may be narrower. */
export const PANEL = 32;

/** The matrices in panels within each input, by name. */
export type Layouts = Readonly<Record<string, readonly PanelRegion[]>>;

/** A compiled expression. */
export interface Program {
  /** Calls, in the order in which they run. */
  readonly calls: readonly Call[];
  /** Origin and operation of each call, for messages and profiles. */
  readonly labels: readonly string[];
  /** Loops, which calls refer to by `loopName`. */
  readonly loops: readonly Loop[];
  /** Size in bytes of each space, by name. */
  readonly spaces: Readonly<Record<string, number>>;
  /** Layouts of the inputs, before and after the program. */
  readonly layouts: Layouts;
}

/** Returns a copy of a vector in which the matrices of regions are converted to panels or to row-major order. */
export function relayout<Elements extends Float32Array>(
  values: Elements,
  regions: readonly PanelRegion[],
  to: "panels" | "rows",
): Elements {
  const result = values.slice() as Elements;
  for (const { offset, rows, columns } of regions) {
    for (const { first, width } of panelsOf(columns, true)) {
      for (let row = 0; row < rows; row++) {
        const inRows = offset + row * columns + first;
        const inPanels = offset + first * rows + row * width;
        const [from, at] = to === "panels" ? [inRows, inPanels] : [inPanels, inRows];
        for (let i = 0; i < width; i++) result[at + i] = values[from + i];
      }
    }
  }
  return result;
}

/** Returns the first column and the width of each panel; a row-major matrix counts as one panel. */
export function panelsOf(
  columns: number,
  inPanels: boolean,
): readonly { readonly first: number; readonly width: number }[] {
  if (!inPanels) return [{ first: 0, width: columns }];
  return Array.from({ length: Math.ceil(columns / PANEL) }, (_, index) => ({
    first: index * PANEL,
    width: Math.min(PANEL, columns - index * PANEL),
  }));
}

/** Returns the bytes of a matrix in panels before a row; rows are counted from panel to panel. */
export function bytesBeforePanelRow(
  { rows, columns }: Pick<PanelRegion, "rows" | "columns">,
  row: number,
): number {
  const first = PANEL * Math.floor(row / rows);
  const width = Math.max(0, Math.min(PANEL, columns - first));
  return 4 * (first * rows + (row % rows) * width);
}

/** Returns the region that begins a number of bytes later. */
export function after<At extends { readonly offset: number }>(region: At, bytes: number): At {
  return { ...region, offset: region.offset + bytes };
}
