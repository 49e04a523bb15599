import type { Figure } from "../figure.ts";
import { formatCoordinate, largestOrZero } from "../numbers.ts";
import { element, hoverTitle, translate } from "../svg.ts";
import { drawText } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { fillClass, strokeClass, type Tone } from "../theme.ts";

/** A cell of a heat map. */
export interface Cell {
  /** Strength of the colour, 0 to 1. A cell with the strength 0 or a non-finite one has no colour. */
  readonly strength: number;
  /** Colour. Defaults to blue. */
  readonly tone?: Tone;
  /** Text in the cell. All texts are omitted if cells are too small for the longest one. Defaults to none. */
  readonly label?: string;
  /** Hover title. Defaults to the names of row and column, and the label. */
  readonly title?: string;
}

/** Options of a heat map. */
export interface HeatMapOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Largest width of a cell in pixels, unless the name of a column is wider. Defaults to 72. */
  readonly widest?: number;
  /** Largest height of a cell in pixels. Cells are never higher than wide. Defaults to 44. */
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

/** Font size [px] of names of rows and columns. */
const NAME_SIZE = 12;

/** Smallest font size [px] of texts in cells. */
const SMALLEST_LABEL = 8;

/**
 * Smallest font size [px] of names. If cells are too small for it, only every second, third … name is drawn.
 */
const SMALLEST_NAME = 7;

/** Smallest distance between two names, as a multiple of their font size. */
const LINE = 1.2;

/** Width [px] to which names are cut. */
const LONGEST_NAME = 130;

/**
 * Opacity of a cell with the strength 1. Text on it has a contrast of at least 4.5 : 1 in all colours and
 * both themes.
 */
export const STRONGEST = 0.55;

/**
 * Draws a heat map with named rows and columns. Names of columns run upwards if they are wider than a cell.
 */
export function heatMap(options: HeatMapOptions): Figure {
  const { width, widest = 72, highest = 44, rows, columns, rowTitle, columnTitle } = options;
  const left = 22 + Math.min(LONGEST_NAME, widestNameWidth(rows)) + 8;
  const wanted = Math.max(widest, Math.min(LONGEST_NAME, widestNameWidth(columns)) + 12);
  const across = Math.min(wanted, (width - left) / Math.max(1, columns.length));
  const down = Math.min(highest, across);
  const upwards = widestNameWidth(columns) > across - 4;
  const top = 22 +
    (upwards ? Math.min(LONGEST_NAME, widestNameWidth(columns)) + 12 : NAME_SIZE + 6);
  const size = labelFontSize(options, across);
  const cells = rows.map((_, row) =>
    columns.map((_, column) =>
      drawCell(titledCell(options, row, column), { row, column, across, down, size })
    )
      .join("")
  );
  const lattice = { left, top, across, down };
  const markup = [
    drawText(left, NAME_SIZE, columnTitle, { tone: "muted" }),
    drawText(NAME_SIZE, top, rowTitle, { tone: "muted", upwards: true, anchor: "end" }),
    drawRowNames(rows, lattice),
    (upwards ? drawColumnNamesUpwards : drawColumnNames)(columns, lattice),
    translate(left, top, [drawGrid(rows.length, columns.length, lattice), ...cells].join("\n")),
  ];
  const height = top + Math.max(rows.length * down, widestNameWidth([rowTitle]));
  return { width, height, markup: markup.join("\n") };
}

/**
 * Position of the upper left cell (`left`, `top`), and width (`across`) and height (`down`) of all cells
 * [px].
 */
interface Lattice {
  readonly left: number;
  readonly top: number;
  readonly across: number;
  readonly down: number;
}

/** Draws the names of rows, left of the cells. */
function drawRowNames(names: readonly string[], { left, top, down }: Lattice): string {
  const size = nameFontSize(down);
  const style = { size, anchor: "end", width: LONGEST_NAME } as const;
  return names.map((name, row) => {
    const y = top + (row + 0.5) * down + size * 0.36;
    return row % nameInterval(down) === 0 ? drawText(left - 8, y, name, style) : "";
  }).join("");
}

/** Draws the names of columns above the cells. */
function drawColumnNames(names: readonly string[], { left, top, across }: Lattice): string {
  return names.map((name, column) =>
    drawText(left + (column + 0.5) * across, top - 7, name, { anchor: "middle" })
  ).join("");
}

/** Draws the names of columns above the cells, running upwards. */
function drawColumnNamesUpwards(names: readonly string[], { left, top, across }: Lattice): string {
  const size = nameFontSize(across);
  const style = { size, upwards: true, width: LONGEST_NAME } as const;
  return names.map((name, column) => {
    const x = left + (column + 0.5) * across + size * 0.36;
    return column % nameInterval(across) === 0 ? drawText(x, top - 6, name, style) : "";
  }).join("");
}

/** Returns the font size [px] of names beside cells whose width or height is `side` [px]. */
function nameFontSize(side: number): number {
  return Math.max(SMALLEST_NAME, Math.min(NAME_SIZE, Math.floor(side / LINE)));
}

/** Returns the smallest n for which every nth name fits beside cells whose width or height is `side` [px]. */
function nameInterval(side: number): number {
  return Math.max(1, Math.ceil(SMALLEST_NAME * LINE / side));
}

/** Draws the lines between the cells. */
function drawGrid(rows: number, columns: number, { across, down }: Lattice): string {
  let path = "";
  for (let row = 0; row <= rows; row++) {
    path += `M0,${formatCoordinate(row * down)}H${formatCoordinate(columns * across)}`;
  }
  for (let column = 0; column <= columns; column++) {
    path += `M${formatCoordinate(column * across)},0V${formatCoordinate(rows * down)}`;
  }
  return element("path", { class: strokeClass("faint"), d: path });
}

/**
 * Row, column, width and height [px] of a cell, and the font size of its text; undefined if texts do not fit.
 */
interface CellPlace {
  readonly row: number;
  readonly column: number;
  readonly across: number;
  readonly down: number;
  readonly size: number | undefined;
}

/**
 * Returns the cell in a row and column with a hover title, which shows the text even if it does not fit in
 * the cell.
 */
function titledCell({ rows, columns, cell }: HeatMapOptions, row: number, column: number): Cell {
  const shown = cell(row, column);
  if (shown.title !== undefined || shown.label === undefined) return shown;
  return { ...shown, title: `${rows[row]}, ${columns[column]}: ${shown.label}` };
}

/** Draws the colour and the text of a cell. */
function drawCell(cell: Cell, { row, column, across, down, size }: CellPlace): string {
  const { strength, tone = "blue", label = "", title } = cell;
  if (!(strength > 0) && label === "") return "";
  const shade = strength > 0
    ? element("rect", {
      class: fillClass(tone),
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
    : drawText(middle.x, middle.y + size * 0.36, label, { size, anchor: "middle" });
  if (title === undefined) return shade + number;
  return element("g", {}, hoverTitle(title), shade, number);
}

/** Returns the font size [px] at which the longest text fits into a cell; undefined if it is below 8. */
function labelFontSize(
  { rows, columns, cell }: HeatMapOptions,
  across: number,
): number | undefined {
  const labels = rows.flatMap((_, row) =>
    columns.map((_, column) => cell(row, column).label ?? "")
  );
  const widest = largestOrZero(labels.map((each) => textWidth(each, { size: 1 })));
  const size = Math.min(13, Math.floor((across - 4) / Math.max(widest, 1)));
  return size >= SMALLEST_LABEL ? size : undefined;
}

/** Returns the width [px] of the widest name. */
function widestNameWidth(names: readonly string[]): number {
  return largestOrZero(names.map((name) => textWidth(name, { size: NAME_SIZE })));
}
