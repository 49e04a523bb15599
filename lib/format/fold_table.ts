import type { TextTable } from "./text_table.ts";

/** Options of {@linkcode foldTable}. Widths are in the unit of `widthOf`: characters or pixels. */
interface FoldOptions {
  /** Indices of the columns that identify a row, which every resulting table repeats. */
  readonly keys: readonly number[];
  /** Largest width of each resulting table. */
  readonly room: number;
  /** Width between two columns. */
  readonly gap: number;
  /** Returns the width of a text. */
  readonly widthOf: (text: string) => number;
  /**
   * Headings of columns that are never separated from the preceding column, such as an interval from its
   * value.
   */
  readonly attached?: readonly string[];
}

/**
 * Splits a table that is too wide into several narrower tables. Each has the columns that identify a row,
 * then some of the other columns in their order. Returns the table alone if it fits. Columns that are too
 * wide even alone are not truncated.
 */
export function foldTable(table: TextTable, options: FoldOptions): readonly TextTable[] {
  const { keys, room, gap } = options;
  const widths = columnWidths(table, options);
  const whole = widths.reduce((sum, width) => sum + gap + width, -gap);
  if (whole <= room) return [table];
  const groups: number[][] = [];
  let left = 0;
  for (const together of groupColumns(table, options)) {
    const width = together.reduce((sum, index) => sum + gap + widths[index], 0);
    if (groups.length === 0 || width > left) {
      groups.push([...keys]);
      left = room + gap - keys.reduce((sum, key) => sum + gap + widths[key], 0);
    }
    groups.at(-1)?.push(...together);
    left -= width;
  }
  return groups.map((group) => selectColumns(table, group));
}

/**
 * Returns groups of column indices: one group for each column, together with the attached columns that
 * follow it. Columns that identify a row are in no group.
 */
function groupColumns(
  { columns }: TextTable,
  { keys, attached = [] }: FoldOptions,
): readonly number[][] {
  const blocks: number[][] = [];
  for (const [index, { title }] of columns.entries()) {
    if (keys.includes(index)) continue;
    if (attached.includes(title) && blocks.length > 0) blocks.at(-1)?.push(index);
    else blocks.push([index]);
  }
  return blocks;
}

/** Returns the width of each column: that of its widest text, heading included. */
function columnWidths({ columns, rows }: TextTable, { widthOf }: FoldOptions): readonly number[] {
  return columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), widthOf(title))
  );
}

/** Returns a table of the columns with some indices, in the order of the indices. */
function selectColumns({ columns, rows }: TextTable, group: readonly number[]): TextTable {
  return {
    columns: group.map((index) => columns[index]),
    rows: rows.map((row) => group.map((index) => row[index] ?? "")),
  };
}
