import type { Figure } from "./figure.ts";
import { coordinate } from "./numbers.ts";
import { element, hoverTitle, translate } from "./svg.ts";
import { text } from "./text.ts";
import { textWidth } from "./text_width.ts";
import { fill, stroke, type Tone } from "./theme.ts";

/** A cell of a heat map. */
export interface Cell {
  /** How much of the tone covers the paper, 0 to 1; a value that is not finite leaves it empty. */
  readonly strength: number;
  /** Colour; blue unless told. */
  readonly tone?: Tone;
  /** The number in the cell; left out where cells are too small for the longest one. */
  readonly label?: string;
  /** The hover title. */
  readonly title?: string;
}

/** A heat map with named rows and columns. */
export interface HeatMapOptions {
  /** Width of the whole figure in pixels. */
  readonly width: number;
  /** Side of a cell at most, in pixels; 48 unless told. */
  readonly largestCell?: number;
  /** What the rows are. */
  readonly rowTitle: string;
  /** What the columns are. */
  readonly columnTitle: string;
  /** Name of each row. */
  readonly rows: readonly string[];
  /** Name of each column. */
  readonly columns: readonly string[];
  /** The cell in a row and a column. */
  readonly cell: (row: number, column: number) => Cell;
}

const NAME_SIZE = 12;

const SMALLEST_LABEL = 8;

/** Names longer than this are cut, in pixels. */
const LONGEST_NAME = 130;

/** Opacity of the strongest cell: ink on it still stands 4.5 : 1, in every tone and both themes. */
export const STRONGEST = 0.55;

/** Square cells, rows from top to bottom; names of columns run upwards if they are too wide. */
export function heatMap(options: HeatMapOptions): Figure {
  const { width, largestCell = 48, rows, columns, rowTitle, columnTitle } = options;
  const left = 22 + Math.min(LONGEST_NAME, longest(rows)) + 8;
  const side = Math.min(largestCell, (width - left) / Math.max(1, columns.length));
  const upwards = longest(columns) > side - 4;
  const top = 22 + (upwards ? Math.min(LONGEST_NAME, longest(columns)) + 4 : NAME_SIZE + 6);
  const size = labelSize(options, side);
  const cells = rows.map((_, row) =>
    columns.map((_, column) => drawCell(options.cell(row, column), { row, column, side, size }))
      .join("")
  );
  const names = { left, top, side };
  const markup = [
    text(left, NAME_SIZE, columnTitle, { tone: "muted" }),
    text(NAME_SIZE, top, rowTitle, { tone: "muted", upwards: true, anchor: "end" }),
    rowNames(rows, names),
    (upwards ? columnNamesUpwards : columnNames)(columns, names),
    translate(left, top, [grid(rows.length, columns.length, side), ...cells].join("\n")),
  ];
  return { width, height: top + rows.length * side, markup: markup.join("\n") };
}

/** Upper left corner of the cells and the side of one, in pixels. */
interface Lattice {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

function rowNames(names: readonly string[], { left, top, side }: Lattice): string {
  return names.map((name, row) =>
    text(left - 8, top + (row + 0.5) * side + 4, name, { anchor: "end", width: LONGEST_NAME })
  ).join("");
}

function columnNames(names: readonly string[], { left, top, side }: Lattice): string {
  return names.map((name, column) =>
    text(left + (column + 0.5) * side, top - 7, name, { anchor: "middle" })
  ).join("");
}

function columnNamesUpwards(names: readonly string[], { left, top, side }: Lattice): string {
  return names.map((name, column) => {
    const x = left + (column + 0.5) * side + 4;
    return text(x, top - 6, name, { upwards: true, width: LONGEST_NAME });
  }).join("");
}

function grid(rows: number, columns: number, side: number): string {
  let path = "";
  for (let row = 0; row <= rows; row++) {
    path += `M0,${coordinate(row * side)}H${coordinate(columns * side)}`;
  }
  for (let column = 0; column <= columns; column++) {
    path += `M${coordinate(column * side)},0V${coordinate(rows * side)}`;
  }
  return element("path", { class: stroke("faint"), d: path });
}

/** Where a cell lies, and the font size of its number; without a size it has none. */
interface Place {
  readonly row: number;
  readonly column: number;
  readonly side: number;
  readonly size: number | undefined;
}

function drawCell(cell: Cell, { row, column, side, size }: Place): string {
  const { strength, tone = "blue", label = "", title } = cell;
  if (!(strength > 0) && label === "") return "";
  const shade = strength > 0
    ? element("rect", {
      class: fill(tone),
      x: column * side + 0.5,
      y: row * side + 0.5,
      width: side - 1,
      height: side - 1,
      "fill-opacity": Math.min(1, strength) * STRONGEST,
    })
    : "";
  const middle = { x: (column + 0.5) * side, y: (row + 0.5) * side };
  const number = size === undefined
    ? ""
    : text(middle.x, middle.y + size * 0.36, label, { size, anchor: "middle" });
  if (title === undefined) return shade + number;
  return element("g", {}, hoverTitle(title), shade, number);
}

/** The font size at which the longest number fits into a cell; none if it would be unreadable. */
function labelSize({ rows, columns, cell }: HeatMapOptions, side: number): number | undefined {
  const labels = rows.flatMap((_, row) =>
    columns.map((_, column) => cell(row, column).label ?? "")
  );
  const widest = Math.max(0, ...labels.map((each) => textWidth(each, { size: 1 })));
  const size = Math.min(13, Math.floor((side - 4) / Math.max(widest, 1)));
  return size >= SMALLEST_LABEL ? size : undefined;
}

function longest(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => textWidth(name, { size: NAME_SIZE })));
}
