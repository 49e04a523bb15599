/**
 * A program: what the compiler makes of an expression. Plain data, which travels to workers as it is.
 *
 * @module
 */

import type { Loop } from "./loop.ts";

/**
 * A place in memory: so many bytes into a space. Spaces are inputs and outputs by name ("in:rows",
 * "out:loss"), scales of data sets ("source:x.scale"), "scratch", which workers share, and those that
 * each worker has for itself ({@linkcode WORK}, {@linkcode OWN}); they get addresses when the program
 * is bound to a memory.
 */
export interface Place {
  /** Name of the space. */
  readonly space: string;
  /** Bytes from its beginning. */
  readonly offset: number;
}

/**
 * What a kernel is called with. A call that can be shared out computes rows of something, each worker
 * its own: `from` up to `to`.
 */
export type Argument<At = Place> =
  | number
  | At
  /** The address of the worker's first row at a place, rows being so many bytes apart. */
  | { readonly place: At; readonly perRow: number }
  /** The worker's first row, or the row after its last. */
  | "from"
  | "to"
  /** The number of the worker's rows, times a factor. */
  | { readonly rows: number }
  /** The number of a data set in the machine's list of those. */
  | { readonly source: string };

/**
 * Memory that a call reads or writes: of each row its own bytes, of rows of panels theirs, or all of it
 * on each worker if neither is given.
 */
export interface Touch<At = Place> {
  /** Where it begins. */
  readonly place: At;
  /** How much there is of it. */
  readonly bytes: number;
  /** Bytes that belong to a row. */
  readonly perRow?: number;
  /** The shape of a matrix in panels, whose rows are those of panel 0, then those of panel 1 … */
  readonly panels?: Pick<PanelRegion, "rows" | "columns">;
  /** Set if the bytes are room for lists, of which only the entries that there are are touched. */
  readonly lists?: Lists<At>;
}

/** Lists of entries whose lengths depend on the data and stand in memory when they have been made. */
export interface Lists<At = Place> {
  /** The number of entries in each list, 32 bits each. */
  readonly counts: At;
  /** How many lists there are. */
  readonly lists: number;
}

/** Numbers in memory of which those that are not zero count. */
export interface NonZeros<At = Place> {
  /** The first of them. */
  readonly numbers: At;
  /** How many there are, zeros among them. */
  readonly length: number;
}

/** A number that is known, or so much for each entry of lists, or for each number that is not zero. */
export type Amount<At = Place> =
  | number
  | { readonly perEntry: number; readonly of: Lists<At> | NonZeros<At> };

/** One call of a kernel or of a loop. */
export interface Call<At = Place> {
  /** Name of a kernel, or of one of the program's own loops. */
  readonly kernel: string;
  /** In the order of the function's parameters. */
  readonly arguments: readonly Argument<At>[];
  /** Rows that can be shared out to workers; one worker makes the call if it is not given. */
  readonly rows?: number;
  /** Rows are given out in so many at least; in fours if it is not given. */
  readonly grain?: number;
  /** Set if every worker computes all rows, in memory of its own, rather than wait for the others'. */
  readonly isEveryones?: boolean;
  /** What it reads that a program writes somewhere. */
  readonly reads: readonly Touch<At>[];
  /** What it writes. */
  readonly writes: readonly Touch<At>[];
  /** Useful operations on floating-point numbers, of all rows, as `costOf` counts; none if not given. */
  readonly flops?: Amount<At>;
  /** Bytes that it reads of data sets, which no program writes; none if not given. */
  readonly sourceBytes?: Amount<At>;
}

/** The space that each worker has for itself within a call, for packed blocks and the like. */
export const WORK = "work";

/** The space that each worker has for itself from call to call, for what it does not share. */
export const OWN = "own";

/** Whether each worker has a space of this name for itself. */
export function isPrivate(space: string): boolean {
  return space === WORK || space === OWN;
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

/** Columns to a panel; the last panel of a matrix may be narrower. */
export const PANEL = 32;

/** Which matrices of an input lie in panels, by the input's name. */
export type Layouts = Readonly<Record<string, readonly PanelRegion[]>>;

/** A compiled expression. */
export interface Program {
  /** In the order in which they run. */
  readonly calls: readonly Call[];
  /** What each call is for, for messages and profiles: operation and origin. */
  readonly labels: readonly string[];
  /** Loops that calls name by `loopName`. */
  readonly loops: readonly Loop[];
  /** Bytes of each space, by name. */
  readonly spaces: Readonly<Record<string, number>>;
  /** How the program expects and leaves its inputs. */
  readonly layouts: Layouts;
}

/** Converts between row-major order and panels, in a copy. */
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

/** The panels of a matrix of so many columns; a matrix in rows is one panel of all columns. */
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

/** Bytes of a matrix in panels before a row of one of them, rows being counted from panel to panel. */
export function bytesBeforePanelRow(
  { rows, columns }: Pick<PanelRegion, "rows" | "columns">,
  row: number,
): number {
  const first = PANEL * Math.floor(row / rows);
  const width = Math.max(0, Math.min(PANEL, columns - first));
  return 4 * (first * rows + (row % rows) * width);
}

/** So many bytes after a place. */
export function after<At extends { readonly offset: number }>(place: At, bytes: number): At {
  return { ...place, offset: place.offset + bytes };
}
