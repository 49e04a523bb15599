import type { TextTable } from "./text_table.ts";

interface FoldOptions {
  /** The place of the column that says what a row is. */
  readonly key: number;
  readonly room: number;
  readonly gap: number;
  readonly widthOf: (text: string) => number;
  /** Headings of columns that stay with the one before, without which they say nothing. */
  readonly stays?: readonly string[];
}

/**
 * The table itself where it has room; else several tables of some of its columns each, in their order,
 * which all begin with the column that says what a row is.
 */
export function foldTable(texts: TextTable, options: FoldOptions): readonly TextTable[] {
  const { key, room, gap } = options;
  const widths = widthsOf(texts, options);
  const whole = widths.reduce((sum, width) => sum + gap + width, -gap);
  if (whole <= room) return [texts];
  const groups: number[][] = [];
  let left = 0;
  for (const together of blocksOf(texts, options)) {
    const width = together.reduce((sum, index) => sum + gap + widths[index], 0);
    if (groups.length === 0 || width > left) {
      groups.push([key]);
      left = room - widths[key];
    }
    groups.at(-1)?.push(...together);
    left -= width;
  }
  return groups.map((group) => some(texts, group));
}

/** The columns but that of the key, those together that stay together. */
function blocksOf({ columns }: TextTable, { key, stays = [] }: FoldOptions): readonly number[][] {
  const blocks: number[][] = [];
  for (const [index, { title }] of columns.entries()) {
    if (index === key) continue;
    if (stays.includes(title) && blocks.length > 0) blocks.at(-1)?.push(index);
    else blocks.push([index]);
  }
  return blocks;
}

function widthsOf({ columns, rows }: TextTable, { widthOf }: FoldOptions): readonly number[] {
  return columns.map(({ title }, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), widthOf(title))
  );
}

function some({ columns, rows }: TextTable, group: readonly number[]): TextTable {
  return {
    columns: group.map((index) => columns[index]),
    rows: rows.map((row) => group.map((index) => row[index] ?? "")),
  };
}
