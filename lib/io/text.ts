/**
 * Progress bars, sparklines and styled texts for terminals, as strings.
 *
 * @module
 */

/**
 * Returns a progress bar with a resolution of half a column: `━━━━━━╸─────`.
 *
 * @param fraction fraction of the work that is done, clamped to 0 … 1
 * @param width number of columns
 */
export function progressBar(fraction: number, width: number): string {
  const halves = Math.round(Math.min(Math.max(fraction, 0), 1) * width * 2);
  const full = Math.floor(halves / 2);
  const half = halves % 2;
  return "━".repeat(full) + "╸".repeat(half) + "─".repeat(width - full - half);
}

const LEVELS = "▁▂▃▄▅▆▇█";

/**
 * Returns a sparkline of values, `█▅▃▂▁`, with one column for each. If there are more values than columns,
 * only evenly spaced values are shown, including the first and the last.
 *
 * @param range values that correspond to the lowest and the highest bar; other values are clamped to it
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

/** Returns a text without the control sequences of styles. */
export function stripStyles(text: string): string {
  return text.replace(COLOUR, "");
}

/**
 * Returns a styled text truncated to a number of columns. Its control sequences are all kept, so that every
 * style that is switched on is also switched off. Each character counts as one column, as is correct for
 * the letters, digits and bars of progress lines.
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
