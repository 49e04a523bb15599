import type { Figure } from "../figure.ts";
import { element } from "../svg.ts";
import { drawText, TEXT_SIZE, textFont } from "../text.ts";
import { textWidth } from "../text_width.ts";
import { strokeClass } from "../theme.ts";

/** A column of a table. */
export interface TableColumn {
  /** Heading of the column. */
  readonly title: string;
  /** Alignment of the texts. Defaults to right, as for numbers. */
  readonly align?: "left" | "right";
}

/** Options of a table. */
export interface TableOptions {
  /** Width of the whole table in pixels. Space that the texts do not need is divided among the columns. */
  readonly width: number;
  /** The columns, from left to right. */
  readonly columns: readonly TableColumn[];
  /** Rows from top to bottom, each with a text for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Smaller texts below each row, one for each column. Defaults to none. */
  readonly notes?: readonly (readonly string[])[];
  /** Last row below a line, for example with sums or means: a text for each column. Defaults to none. */
  readonly footer?: readonly string[];
  /** Rows that are not drawn but count for the widths of columns, so that several tables align. */
  readonly sizing?: readonly (readonly string[])[];
}

const ROW = 22;
const NOTE = { size: 10, tone: "muted" } as const;
const NOTE_ROW = 13;
const GAP = 16;
const HEADER = { size: 11, tone: "muted" } as const;

/** Draws a table with a line below its headings. Texts that are too wide for their column are cut. */
export function table(
  { width, columns, rows, notes = [], footer, sizing = [] }: TableOptions,
): Figure {
  const all = footer === undefined ? rows : [...rows, footer];
  const lanes = layOutColumns(columns, { rows: [...all, ...sizing], notes }, width);
  const step = notes.length === 0 ? ROW : ROW + NOTE_ROW;
  const line = (texts: readonly string[], y: number, style: object) =>
    lanes.map(({ left, width, column: { align = "right" } }, index) =>
      drawText(align === "left" ? left : left + width, y, texts[index] ?? "", {
        ...style,
        anchor: align === "left" ? "start" : "end",
        width,
      })
    ).join("");
  const height = ROW + rows.length * step + (footer === undefined ? 0 : ROW);
  const markup = [
    line(columns.map(({ title }) => title), 14, HEADER),
    drawRule(width, ROW),
    ...all.map((texts, index) => line(texts, ROW + index * step + 15, {})),
    ...notes.map((texts, index) => line(texts, ROW + index * step + 15 + NOTE_ROW, NOTE)),
    footer === undefined ? "" : drawRule(width, height - ROW),
  ];
  return { width, height, markup: markup.filter((each) => each !== "").join("\n") };
}

/** A column, its distance from the left [px], and its width [px]. */
interface PlacedColumn {
  readonly column: TableColumn;
  readonly left: number;
  readonly width: number;
}

/**
 * Returns the positions and widths of columns. Each is as wide as its widest text, plus an equal part of the
 * remaining space. If the texts do not fit, the widest columns are narrowed.
 */
function layOutColumns(
  columns: readonly TableColumn[],
  { rows, notes }: Required<Pick<TableOptions, "rows" | "notes">>,
  width: number,
): readonly PlacedColumn[] {
  const wanted = columns.map(({ title }, index) =>
    Math.max(
      textWidth(title, textFont(HEADER)),
      ...rows.map((row) => textWidth(row[index] ?? "", { size: TEXT_SIZE })),
      ...notes.map((note) => textWidth(note[index] ?? "", textFont(NOTE))),
    )
  );
  const room = width - GAP * (columns.length - 1);
  const widths = limitWidths(wanted, room);
  const used = widths.reduce((sum, each) => sum + each, 0);
  const rest = Math.max(0, room - used) / columns.length;
  let left = 0;
  return columns.map((column, index) => {
    const lane = { column, left, width: widths[index] + rest };
    left += lane.width + GAP;
    return lane;
  });
}

/** Limits widths to a common maximum: the largest one with which their sum is at most `totalWidth`. */
function limitWidths(widths: readonly number[], totalWidth: number): readonly number[] {
  let rest = totalWidth;
  let share = totalWidth / widths.length;
  const rising = [...widths].sort((a, b) => a - b);
  for (const [index, width] of rising.entries()) {
    share = rest / (rising.length - index);
    if (width > share) return widths.map((each) => Math.min(each, share));
    rest -= width;
  }
  return widths;
}

/** Draws a faint horizontal line. */
function drawRule(width: number, y: number): string {
  return element("line", { class: strokeClass("faint"), x1: 0, y1: y, x2: width, y2: y });
}
