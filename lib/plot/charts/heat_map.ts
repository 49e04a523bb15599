import type { Figure } from "../figure.ts";
import { coordinate, largest } from "../numbers.ts";
import { element, hoverTitle, translate } from "../svg.ts";
import { text } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fill, stroke, type Tone } from "../theme.ts";

/** A cell of a heat map. */
export interface Cell {
  /** Strength of the colour, 0 to 1; a cell with a non-finite value is empty. */
  readonly strength: number;
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Text in the cell; omitted if cells are too small for the longest one. */
  readonly label?: string;
  /** The hover title. Defaults to the names of row and column with the label. */
  readonly title?: string;
}

/** A heat map with named rows and columns. */
export interface HeatMapOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Width of a cell at most, unless its column's name is wider, in pixels. Defaults to 72. */
  readonly widest?: number;
  /** Height of a cell at most, in pixels. Defaults to 44. Cells are never higher than wide. */
  readonly highest?: number;
  /** Title of the rows. */
  readonly rowTitle: string;
  /** Title of the columns. */
  readonly columnTitle: string;
  /** Name of each row. */
  readonly rows: readonly string[];
  /** Name of each column. */
  readonly columns: readonly string[];
  /** Returns the cell in a row and column. */
  readonly cell: (row: number, column: number) => Cell;
}

const NAME_SIZE = 12;

const SMALLEST_LABEL = 8;

/** Smallest font size of names; if rows or columns are too narrow for it, some names are omitted. */
const SMALLEST_NAME = 7;

/** Distance between names, as a multiple of their font size. */
const LINE = 1.2;

/** Width [px] to which names are cut. */
const LONGEST_NAME = 130;

/** Opacity of the strongest cell; text on it has a contrast of 4.5 : 1 in every tone and both themes. */
export const STRONGEST = 0.55;

/** Draws a heat map, row by row from the top; names of columns are rotated if they are too wide. */
export function heatMap(options: HeatMapOptions): Figure {
  const { width, widest = 72, highest = 44, rows, columns, rowTitle, columnTitle } = options;
  const left = 22 + Math.min(LONGEST_NAME, longest(rows)) + 8;
  const wanted = Math.max(widest, Math.min(LONGEST_NAME, longest(columns)) + 12);
  const across = Math.min(wanted, (width - left) / Math.max(1, columns.length));
  const down = Math.min(highest, across);
  const upwards = longest(columns) > across - 4;
  const top = 22 + (upwards ? Math.min(LONGEST_NAME, longest(columns)) + 12 : NAME_SIZE + 6);
  const size = labelSize(options, across);
  const cells = rows.map((_, row) =>
    columns.map((_, column) =>
      drawCell(titledCell(options, row, column), { row, column, across, down, size })
    )
      .join("")
  );
  const lattice = { left, top, across, down };
  const markup = [
    text(left, NAME_SIZE, columnTitle, { tone: "muted" }),
    text(NAME_SIZE, top, rowTitle, { tone: "muted", upwards: true, anchor: "end" }),
    rowNames(rows, lattice),
    (upwards ? columnNamesUpwards : columnNames)(columns, lattice),
    translate(left, top, [grid(rows.length, columns.length, lattice), ...cells].join("\n")),
  ];
  const height = top + Math.max(rows.length * down, longest([rowTitle]));
  return { width, height, markup: markup.join("\n") };
}

/** Upper left corner of the cells, and width and height of a cell [px]. */
interface Lattice {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

function rowNames(names: readonly string[], { left, top, down }: Lattice): string {
  const size = nameSize(down);
  const style = { size, anchor: "end", width: LONGEST_NAME } as const;
  return names.map((name, row) => {
    const y = top + (row + 0.5) * down + size * 0.36;
    return row % namedEvery(down) === 0 ? text(left - 8, y, name, style) : "";
  }).join("");
}

function columnNames(names: readonly string[], { left, top, across }: Lattice): string {
  return names.map((name, column) =>
    text(left + (column + 0.5) * across, top - 7, name, { anchor: "middle" })
  ).join("");
}

function columnNamesUpwards(names: readonly string[], { left, top, across }: Lattice): string {
  const size = nameSize(across);
  const style = { size, upwards: true, width: LONGEST_NAME } as const;
  return names.map((name, column) => {
    const x = left + (column + 0.5) * across + size * 0.36;
    return column % namedEvery(across) === 0 ? text(x, top - 6, name, style) : "";
  }).join("");
}

/** Returns the font size of names beside cells of a width or height [px]. */
function nameSize(side: number): number {
  return Math.max(SMALLEST_NAME, Math.min(NAME_SIZE, Math.floor(side / LINE)));
}

/** Returns n such that every nth name fits. */
function namedEvery(side: number): number {
  return Math.max(1, Math.ceil(SMALLEST_NAME * LINE / side));
}

function grid(rows: number, columns: number, { across, down }: Lattice): string {
  let path = "";
  for (let row = 0; row <= rows; row++) {
    path += `M0,${coordinate(row * down)}H${coordinate(columns * across)}`;
  }
  for (let column = 0; column <= columns; column++) {
    path += `M${coordinate(column * across)},0V${coordinate(rows * down)}`;
  }
  return element("path", { class: stroke("faint"), d: path });
}

/** Position of a cell, and the font size of its label; undefined if labels do not fit. */
interface Place {
  readonly row: number;
  readonly column: number;
  readonly across: number;
  readonly down: number;
  readonly size: number | undefined;
}

/** Draws a cell with a hover title, which has its value even if the label does not fit. */
function titledCell({ rows, columns, cell }: HeatMapOptions, row: number, column: number): Cell {
  const shown = cell(row, column);
  if (shown.title !== undefined || shown.label === undefined) return shown;
  return { ...shown, title: `${rows[row]}, ${columns[column]}: ${shown.label}` };
}

function drawCell(cell: Cell, { row, column, across, down, size }: Place): string {
  const { strength, tone = "blue", label = "", title } = cell;
  if (!(strength > 0) && label === "") return "";
  const shade = strength > 0
    ? element("rect", {
      class: fill(tone),
      x: column * across + 0.5,
      y: row * down + 0.5,
      width: across - 1,
      height: down - 1,
      "fill-opacity": Math.min(1, strength) * STRONGEST,
    })
    : "";
  const middle = { x: (column + 0.5) * across, y: (row + 0.5) * down };
  const number = size === undefined
    ? ""
    : text(middle.x, middle.y + size * 0.36, label, { size, anchor: "middle" });
  if (title === undefined) return shade + number;
  return element("g", {}, hoverTitle(title), shade, number);
}

/** Returns the font size at which the longest label fits into a cell; undefined if it would be unreadable. */
function labelSize({ rows, columns, cell }: HeatMapOptions, across: number): number | undefined {
  const labels = rows.flatMap((_, row) =>
    columns.map((_, column) => cell(row, column).label ?? "")
  );
  const widest = largest(labels.map((each) => textWidth(each, { size: 1 })));
  const size = Math.min(13, Math.floor((across - 4) / Math.max(widest, 1)));
  return size >= SMALLEST_LABEL ? size : undefined;
}

function longest(names: readonly string[]): number {
  return largest(names.map((name) => textWidth(name, { size: NAME_SIZE })));
}
