import type { TextTable } from "./text_table.ts";

interface FoldOptions {
  /** Indices of the columns that identify a row. */
  readonly keys: readonly number[];
  readonly room: number;
  readonly gap: number;
  readonly widthOf: (text: string) => number;
  /** Headings of columns that are kept with the preceding one, without which they are meaningless. */
  readonly stays?: readonly string[];
}

/**
 * Folds a table that is too wide into several tables with some of its columns each, in order. Each begins with
 * the columns that identify a row.
 */
export function foldTable(texts: TextTable, options: FoldOptions): readonly TextTable[] {
  const { keys, room, gap } = options;
  const widths = widthsOf(texts, options);
  const whole = widths.reduce((sum, width) => sum + gap + width, -gap);
  if (whole <= room) return [texts];
  const groups: number[][] = [];
  let left = 0;
  for (const together of blocksOf(texts, options)) {
    const width = together.reduce((sum, index) => sum + gap + widths[index], 0);
    if (groups.length === 0 || width > left) {
      groups.push([...keys]);
      left = room + gap - keys.reduce((sum, key) => sum + gap + widths[key], 0);
    }
    groups.at(-1)?.push(...together);
    left -= width;
  }
  return groups.map((group) => some(texts, group));
}

/** Groups the columns besides the keys into blocks that are kept together. */
function blocksOf({ columns }: TextTable, { keys, stays = [] }: FoldOptions): readonly number[][] {
  const blocks: number[][] = [];
  for (const [index, { title }] of columns.entries()) {
    if (keys.includes(index)) continue;
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
