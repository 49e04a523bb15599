/** A column of a text table: texts are aligned left, numbers right. */
export interface TextColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** Longest text that {@linkcode formatTable} does not cut. Defaults to any length. */
  readonly most?: number;
}

export interface TextTable {
  readonly columns: readonly TextColumn[];
  /** One text for each column; missing ones are empty. */
  readonly rows: readonly (readonly string[])[];
}

/** Text of a missing number or value. */
export const NONE = "–";

/** Returns a column of words. */
export function left(title: string): TextColumn {
  return { title, align: "left" };
}

/** Returns a column of numbers. */
export function right(title: string): TextColumn {
  return { title, align: "right" };
}

/** Formats a table as lines for a terminal, with a rule below the headings. */
export function formatTable({ columns, rows }: TextTable): readonly string[] {
  const cells = rows.map((row) =>
    columns.map(({ most = Infinity }, index) => shortened(row[index] ?? "", most))
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

function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
