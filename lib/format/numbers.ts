/**
 * Formats numbers, the same on every machine, whatever its locale.
 *
 * @module
 */

/**
 * Formats a number with a fixed number of decimals and a true minus sign (U+2212): −0.50. A number that is
 * rounded to 0 has no sign.
 */
export function formatFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/** Formats a whole number with thousands separators: 101,770. */
export function formatCount(value: number): string {
  return formatFixed(value, 0).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Formats a count with a noun in singular or plural: "1 sample", "1,200 samples". The plural adds an "s".
 */
export function formatCountWithNoun(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * Formats a number with at most `digits` significant digits and without trailing zeros: 0.002, 1e−7. NaN is
 * "–", and infinities are ∞ and −∞.
 */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const text = String(Number(value.toPrecision(digits)) + 0);
  const [mantissa, exponent] = text.split("e");
  const shown = mantissa.replace("-", "−");
  return exponent === undefined ? shown : `${shown}e${exponent.replace("-", "−").replace("+", "")}`;
}

/**
 * Returns the number of decimals for about three significant digits of a value: 0 from 100 on, 1 from 10
 * on, 2 below.
 */
export function decimalsForThreeDigits(value: number): number {
  const size = Math.abs(value);
  return size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
}

/**
 * Formats a measured number with about three significant digits and without an exponent: 0.012, 12.3. Below
 * 0.1 it has three decimals, and 0 has none.
 */
export function formatMeasured(value: number): string {
  const size = Math.abs(value);
  return formatFixed(value, size === 0 ? 0 : size < 0.1 ? 3 : decimalsForThreeDigits(value));
}

/**
 * Formats a mean loss with four decimals, or without decimals from 1,000 on. Losses from 1e15 on and those
 * that are not finite are formatted by {@linkcode formatNumber}.
 */
export function formatLoss(loss: number): string {
  if (!Number.isFinite(loss) || loss >= 1e15) return formatNumber(loss, 3);
  return loss >= 1000 ? formatCount(loss) : formatFixed(loss, 4);
}
