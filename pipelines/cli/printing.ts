import { printLine } from "../../lib/io/print.ts";
import { stdoutColumns } from "../../lib/io/terminal.ts";
import { formatTable, type TextTable } from "../../lib/format/text_table.ts";
import { foldTable } from "../../lib/format/fold_table.ts";

/** Longest text [characters] in a cell of a printed table of runs. */
export const MOST_LETTERS = 44;

/** Options of a table printed on a terminal. */
interface PrintOptions {
  /**
   * Indices of the columns that identify a row, which all parts of a split table have. Defaults to the first.
   */
  readonly keys?: readonly number[];
  /** Length [characters] to which the texts of cells are cut. Defaults to no limit. */
  readonly most?: number;
  /** Headings of columns that stay in the same part of a split table as the column before them. */
  readonly stays?: readonly string[];
}

/**
 * Formats a table as lines, the last of them empty. A table that is wider than the terminal is split by
 * columns into several tables, each followed by an empty line.
 */
export function formatTableForTerminal(
  table: TextTable,
  options: PrintOptions = {},
): readonly string[] {
  const { keys = [0], most = Infinity, stays = [] } = options;
  const widthOf = (text: string) => Math.min(most, text.length);
  return foldTable(table, { keys, room: stdoutColumns(), gap: 2, widthOf, attached: stays })
    .flatMap(({ columns, rows }) => [
      ...formatTable({ columns: columns.map((column) => ({ ...column, most })), rows }),
      "",
    ]);
}

/** Renders every SVG in a folder as a PNG file beside it. Does nothing if `png` is false. */
export async function writePngsBeside(folder: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writePngs: writeImages } = await import("../../lib/io/raster.ts");
  await writeImages(folder);
}

/** Renders the SVG file at a path as a PNG file beside it. Does nothing if `png` is false. */
export async function writePngBeside(path: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writePng: writeImage } = await import("../../lib/io/raster.ts");
  await writeImage(path);
}

/**
 * Prints the lines of a command's result, and then the path of its folder of results. Before that, renders
 * the SVGs in the folder as PNGs if `png` is true.
 */
export async function printFolder(
  { folder, lines }: { readonly folder: string; readonly lines: readonly string[] },
  { png }: { readonly png: boolean },
): Promise<void> {
  await writePngsBeside(folder, png);
  for (const line of lines) printLine(line);
  printLine(folder);
}
