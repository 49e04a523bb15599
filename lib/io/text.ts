/**
 * Bars, sparklines and colours of lines in a terminal. Pure: what is written where is said by `terminal.ts`.
 *
 * @module
 */

/**
 * A bar that fills from the left, to half a column: `━━━━━━╸─────`.
 *
 * @param share how much is done, 0 to 1; what lies outside counts as the nearer end
 * @param width columns
 */
export function bar(share: number, width: number): string {
  const halves = Math.round(Math.min(Math.max(share, 0), 1) * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2;
  return "━".repeat(full) + "╸".repeat(half) + "─".repeat(width - full - half);
}

const LEVELS = "▁▂▃▄▅▆▇█";

/**
 * Returns values as a sparkline, `█▅▃▂▁`: a column for each, or for some evenly from the first to the last.
 *
 * @param range the values at the bottom and at the top
 * @param width columns at most
 */
export function sparkline(
  values: readonly number[],
  [low, high]: readonly [low: number, high: number],
  width: number,
): string {
  const columns = Math.min(width, values.length);
  const top = LEVELS.length - 1;
  return Array.from({ length: columns }, (_, column) => {
    const value = values[Math.round(column * (values.length - 1) / Math.max(1, columns - 1))];
    const level = high > low ? Math.round(top * (value - low) / (high - low)) : 0;
    return LEVELS[Math.min(Math.max(level, 0), top)];
  }).join("");
}

// deno-lint-ignore no-control-regex -- colours are control sequences
const COLOUR = /\x1b\[[0-9a-f;-]*m/g;

export function plain(text: string): string {
  return text.replace(COLOUR, "");
}

/**
 * A text cut to a number of columns, its colours kept and ended. Every character but a colour
 * counts as one column, which holds for the letters, digits and bars that are printed here.
 */
export function cut(text: string, columns: number): string {
  if (Array.from(plain(text)).length <= columns) return text;
  let left = columns;
  let kept = "";
  let at = 0;
  for (const { 0: colour, index } of [...text.matchAll(COLOUR), { 0: "", index: text.length }]) {
    const letters = Array.from(text.slice(at, index)).slice(0, left);
    left -= letters.length;
    kept += letters.join("") + colour;
    at = index + colour.length;
  }
  return kept;
}
