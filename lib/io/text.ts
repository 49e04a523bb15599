/**
 * Bars and colours of progress lines. Pure: what is written where is said by `terminal.ts`.
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
