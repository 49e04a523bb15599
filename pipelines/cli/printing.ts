import { printLine } from "../../lib/io/print.ts";
import { printedColumns } from "../../lib/io/terminal.ts";
import { formatTable, type TextTable } from "../../lib/format/text_table.ts";
import { foldTable } from "../../lib/format/fold_table.ts";

/** Longest text in a cell of a printed table of runs. */
export const MOST_LETTERS = 44;

interface PrintOptions {
  /** The places of the columns that say what a row is. Defaults to the first. */
  readonly keys?: readonly number[];
  /** Longer texts are cut to so many characters; none unless told. */
  readonly most?: number;
  /** Headings of columns that stay with the one before. */
  readonly stays?: readonly string[];
}

/** A table as lines to print, and an empty line: several tables if it is wider than the terminal. */
export function printedTable(table: TextTable, options: PrintOptions = {}): readonly string[] {
  const { keys = [0], most = Infinity, stays = [] } = options;
  const widthOf = (text: string) => Math.min(most, text.length);
  return foldTable(table, { keys, room: printedColumns(), gap: 2, widthOf, stays })
    .flatMap(({ columns, rows }) => [
      ...formatTable({ columns: columns.map((column) => ({ ...column, most })), rows }),
      "",
    ]);
}

/** Leaves a PNG beside every SVG of a folder if that is asked for. */
export async function drawImages(folder: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writeImages } = await import("../../lib/io/raster.ts");
  await writeImages(folder);
}

/** Leaves a PNG beside an SVG if that is asked for. */
export async function drawImage(path: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writeImage } = await import("../../lib/io/raster.ts");
  await writeImage(path);
}

/** Prints lines and the folder of a command's files, with its images if those are asked for. */
export async function printFolder(
  { folder, lines }: { readonly folder: string; readonly lines: readonly string[] },
  { png }: { readonly png: boolean },
): Promise<void> {
  await drawImages(folder, png);
  for (const line of lines) printLine(line);
  printLine(folder);
}
