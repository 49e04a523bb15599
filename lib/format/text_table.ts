/** A column of a table of texts. Words are aligned left, numbers right. */
export interface TextColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /**
   * Largest number of characters in a cell of the column; {@linkcode formatTable} truncates longer texts.
   * Defaults to no limit.
   */
  readonly maxLength?: number;
}

/** A table whose cells are texts. */
export interface TextTable {
  readonly columns: readonly TextColumn[];
  /** Cells by row, one text for each column. Missing cells are empty. */
  readonly rows: readonly (readonly string[])[];
}

/** Text shown in place of a missing value. */
export const NONE = "–";

/** Returns a left-aligned column with a heading, for words. */
export function left(title: string): TextColumn {
  return { title, align: "left" };
}

/** Returns a right-aligned column with a heading, for numbers. */
export function right(title: string): TextColumn {
  return { title, align: "right" };
}

/**
 * Formats a table as lines of text for a terminal: headings, a horizontal rule, then one line for each row.
 */
export function formatTable({ columns, rows }: TextTable): readonly string[] {
  const cells = rows.map((row) =>
    columns.map(({ maxLength: most = Infinity }, index) => truncate(row[index] ?? "", most))
  );
  const widths = columns.map(({ title }, index) =>
    cells.reduce((most, row) => Math.max(most, row[index].length), title.length)
  );
  const line = (texts: readonly string[]) =>
    texts.map((text, index) => {
      const width = widths[index];
      return columns[index].align === "left" ? text.padEnd(width) : text.padStart(width);
    }).join("  ").trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [line(columns.map(({ title }) => title)), rule, ...cells.map(line)];
}

/** Returns a text of at most `length` characters. The last character of a truncated text is "…". */
function truncate(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
