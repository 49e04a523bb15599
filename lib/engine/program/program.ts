/**
 * Programs, the compiled form of expressions: kernel calls on named spaces of memory, as plain data that can
 * be sent to workers.
 *
 * @module
 */

import type { Loop } from "./loop.ts";

/**
 * A position in memory: an offset into a space. Spaces are inputs and outputs by name ("in:rows",
 * "out:loss"), scales of data sets ("source:x.scale"), "scratch", which workers share, and two spaces of
 * which each worker has its own copy ({@linkcode KERNEL_SCRATCH}, {@linkcode WORKER_LOCAL}). Spaces get
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
 * Memory that a call reads or writes. With `perRow` or `panels`, each worker accesses the bytes of its rows;
 * otherwise it accesses all bytes.
 */
export interface MemoryAccess<At = Region> {
  /** Region that begins with the first byte. */
  readonly region: At;
  /** Number of bytes that all workers together access. */
  readonly bytes: number;
  /** Number of bytes of each row. */
  readonly perRow?: number;
  /**
   * Shape of a matrix in panels. Its rows are those of all panels, counted from the first panel to the last.
   */
  readonly panels?: Pick<PanelRegion, "rows" | "columns">;
  /** Lists that are stored in these bytes, if any. Only their existing entries are accessed. */
  readonly lists?: Lists<At>;
}

/** Lists of entries whose lengths depend on the data. */
export interface Lists<At = Region> {
  /** Region with the length of each list, a 32-bit integer. */
  readonly counts: At;
  /** Number of lists. */
  readonly lists: number;
}

/**
 * Numbers in memory. The cost of a call depends on how many of them are not zero, which the data determine.
 */
export interface NonZeros<At = Region> {
  /** Region that begins with the first number. */
  readonly numbers: At;
  /** Number of all numbers, including zeros. */
  readonly length: number;
}

/**
 * Number of operations or bytes of a call: a constant, or a factor times the number of list entries or of
 * non-zero numbers, which depends on the data.
 */
export type Amount<At = Region> =
  | number
  | { readonly perEntry: number; readonly of: Lists<At> | NonZeros<At> };

/** One call of a kernel or of a loop. */
export interface Call<At = Region> {
  /** Name of a kernel, or of one of the program's own loops. */
  readonly kernel: string;
  /** Arguments, in the order of the function's parameters. */
  readonly arguments: readonly KernelArgument<At>[];
  /** Number of rows to partition among workers. Defaults to none: one worker makes the call. */
  readonly rows?: number;
  /** Number of consecutive rows that are never divided among workers. Defaults to 4. */
  readonly grain?: number;
  /** Whether every worker computes all rows, in its own memory. Defaults to false. */
  readonly isReplicated?: boolean;
  /** Memory that the call reads, except for data sets. */
  readonly reads: readonly MemoryAccess<At>[];
  /** Memory that the call writes. */
  readonly writes: readonly MemoryAccess<At>[];
  /** Number of useful floating-point operations for all rows. Defaults to 0. */
  readonly flops?: Amount<At>;
  /** Number of bytes of data sets that the call reads. Defaults to 0. */
  readonly sourceBytes?: Amount<At>;
}

/**
 * Name of the space, of which each worker has its own copy, for temporary values of one call: for example
 * packed blocks of a product's factors.
 */
export const KERNEL_SCRATCH = "work";

/**
 * Name of the space, of which each worker has its own copy, for values that later calls of the same worker
 * read.
 */
export const WORKER_LOCAL = "own";

/** Returns whether each worker has its own copy of the space with a name. */
export function isPerWorker(space: string): boolean {
  return space === KERNEL_SCRATCH || space === WORKER_LOCAL;
}

/**
 * Position and shape of a weight matrix that is stored in panels of {@linkcode PANEL} columns within a flat
 * vector.
 */
export interface PanelRegion {
  /** First element of the matrix in the vector. */
  readonly offset: number;
  /** Number of rows. */
  readonly rows: number;
  /** Number of columns. */
  readonly columns: number;
}

/** Number of columns of a panel; the last panel of a matrix may be narrower. */
export const PANEL = 32;

/** Matrices in panels within each input, by the input's name. Everything else is row-major. */
export type Layouts = Readonly<Record<string, readonly PanelRegion[]>>;

/** A compiled expression. */
export interface Program {
  /** Calls, in the order in which they run. */
  readonly calls: readonly Call[];
  /** Label of each call, its origin and operation, for messages and profiles. */
  readonly labels: readonly string[];
  /** Loops, which calls refer to by `loopName`. */
  readonly loops: readonly Loop[];
  /** Size in bytes of each space, by name. */
  readonly spaces: Readonly<Record<string, number>>;
  /** Layouts of the inputs: the program expects them, and leaves new values of inputs in them. */
  readonly layouts: Layouts;
}

/**
 * Returns a copy of a vector in which the matrices of `regions` are converted to the layout `to`: from
 * row-major order to panels, or back. Other elements are only copied.
 */
export function convertLayout<Elements extends Float32Array>(
  values: Elements,
  regions: readonly PanelRegion[],
  to: "panels" | "rows",
): Elements {
  const result = values.slice() as Elements;
  for (const { offset, rows, columns } of regions) {
    for (const { first, width } of splitIntoPanels(columns, true)) {
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

/**
 * Returns the first column and the number of columns of each panel of a matrix with `columns` columns. A
 * row-major matrix (`inPanels` is false) counts as one panel.
 */
export function splitIntoPanels(
  columns: number,
  inPanels: boolean,
): readonly { readonly first: number; readonly width: number }[] {
  if (!inPanels) return [{ first: 0, width: columns }];
  return Array.from({ length: Math.ceil(columns / PANEL) }, (_, index) => ({
    first: index * PANEL,
    width: Math.min(PANEL, columns - index * PANEL),
  }));
}

/**
 * Returns the number of bytes before a row of a panel, in a matrix [rows, columns] in panels. Rows are
 * counted from the first panel to the last: those of panel p are p · rows to p · rows + rows − 1.
 */
export function bytesBeforePanelRow(
  { rows, columns }: Pick<PanelRegion, "rows" | "columns">,
  row: number,
): number {
  const first = PANEL * Math.floor(row / rows);
  const width = Math.max(0, Math.min(PANEL, columns - first));
  return 4 * (first * rows + (row % rows) * width);
}

/** Returns the region, or reference, that begins `bytes` bytes after another one. */
export function offsetRegion<At extends { readonly offset: number }>(
  region: At,
  bytes: number,
): At {
  return { ...region, offset: region.offset + bytes };
}
