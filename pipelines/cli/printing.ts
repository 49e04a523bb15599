import { printLine } from "../../lib/io/print.ts";
import { stdoutColumns } from "../../lib/io/terminal.ts";
import { formatTable, type TextTable } from "../../lib/format/text_table.ts";
import { foldTable } from "../../lib/format/fold_table.ts";

/** Longest text [characters] in a cell of a printed table of runs. */
export const MOST_LETTERS = 44;

interface PrintOptions {
  /** Indices of the columns that identify a row. Defaults to the first. */
  readonly keys?: readonly number[];
  /** Length [characters] to which texts are cut. Defaults to no limit. */
  readonly most?: number;
  /** Headings of columns that are kept beside the preceding one. */
  readonly stays?: readonly string[];
}

/** Formats a table, followed by an empty line; as several tables if it is wider than the terminal. */
export function printedTable(table: TextTable, options: PrintOptions = {}): readonly string[] {
  const { keys = [0], most = Infinity, stays = [] } = options;
  const widthOf = (text: string) => Math.min(most, text.length);
  return foldTable(table, { keys, room: stdoutColumns(), gap: 2, widthOf, stays })
    .flatMap(({ columns, rows }) => [
      ...formatTable({ columns: columns.map((column) => ({ ...column, most })), rows }),
      "",
    ]);
}

/** Writes a PNG beside every SVG of a folder if `png` is set. */
export async function drawImages(folder: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writePngs: writeImages } = await import("../../lib/io/raster.ts");
  await writeImages(folder);
}

/** Writes a PNG beside an SVG if `png` is set. */
export async function drawImage(path: string, png: boolean): Promise<void> {
  if (!png) return;
  const { writePng: writeImage } = await import("../../lib/io/raster.ts");
  await writeImage(path);
}

/** Prints lines and the path of a command's folder, after writing PNGs if `png` is set. */
export async function printFolder(
  { folder, lines }: { readonly folder: string; readonly lines: readonly string[] },
  { png }: { readonly png: boolean },
): Promise<void> {
  await drawImages(folder, png);
  for (const line of lines) printLine(line);
  printLine(folder);
}
