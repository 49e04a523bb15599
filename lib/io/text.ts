/**
 * Progress bars, sparklines and styled text, as strings. `terminal.ts` writes them.
 *
 * @module
 */

/**
 * Returns a progress bar with a resolution of half a column: `━━━━━━╸─────`.
 *
 * @param fraction fraction done, clamped to 0 … 1
 * @param width columns
 */
export function progressBar(fraction: number, width: number): string {
  const halves = Math.round(Math.min(Math.max(fraction, 0), 1) * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2;
  return "━".repeat(full) + "╸".repeat(half) + "─".repeat(width - full - half);
}

const LEVELS = "▁▂▃▄▅▆▇█";

/**
 * Returns values as a sparkline, `█▅▃▂▁`, with one column per value. If there are more values than
 * columns, evenly spaced ones are shown, from the first to the last.
 *
 * @param range values at the bottom and at the top
 * @param width largest number of columns
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

/** Returns text without its styles. */
export function stripStyles(text: string): string {
  return text.replace(COLOUR, "");
}

/**
 * Returns text cut to a number of columns, with its styles intact. Each character counts as one column,
 * as is right for the letters, digits and bars of progress lines.
 */
export function truncateStyled(text: string, columns: number): string {
  if (Array.from(stripStyles(text)).length <= columns) return text;
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
