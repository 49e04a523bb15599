/**
 * Words and figures for progress lines. Pure: what is written where is said by `terminal.ts`.
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

/** A number of bytes in decimal units with three digits: `812 B`, `28.9 kB`, `9.91 MB`. */
export function byteCount(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  // 999.5 would be rounded to 1000 of its unit
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const decimals = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(decimals)} ${units[unit]}`;
}

/** A time for people: `0.4 s`, `42 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(milliseconds: number): string {
  const tenths = Math.round(milliseconds / 100);
  if (tenths < 100) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const two = (value: number) => `${value}`.padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

// deno-lint-ignore no-control-regex -- colours are control sequences
const COLOUR = /\x1b\[[0-9;]*m/g;

/** A text without its colours. */
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
