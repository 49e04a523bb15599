import { formatFixed } from "./numbers.ts";

/** Options of {@linkcode formatPercent}. */
export interface PercentOptions {
  /** Text appended to the number. Defaults to a no-break space and "%". */
  readonly unit?: string;
  /**
   * Whether a fraction that is not 0 or 1, but would be rounded to 0 or 100 %, is shown as a bound: "< 0.1
   * %". Defaults to false.
   */
  readonly clamped?: boolean;
}

/**
 * Options for percentages in terminals: an ordinary space before "%", so that the text can be searched for.
 */
export const PLAIN: PercentOptions = { unit: " %" };

/** Options for percentages without "%", for table cells whose heading states the unit. */
export const UNITLESS: PercentOptions = { unit: "" };

/** Formats a fraction as a percentage: 0.9778 → "97.78 %". */
export function formatPercent(
  fraction: number,
  decimals = 2,
  options: PercentOptions = {},
): string {
  const { unit = "\u00a0%", clamped = false } = options;
  const format = (share: number) => `${formatFixed(100 * share, decimals)}${unit}`;
  if (!clamped) return format(fraction);
  const step = Number(`1e${-decimals - 2}`);
  if (fraction > 0 && fraction < step / 2) return `<\u00a0${format(step)}`;
  if (fraction < 1 && fraction >= 1 - step / 2) return `>\u00a0${format(1 - step)}`;
  return format(fraction);
}

/**
 * Formats an interval of fractions as percentages with the unit once at the end: "97.70–98.46 %". `options`
 * apply to the upper bound alone.
 */
export function formatInterval(
  [low, high]: readonly [number, number],
  decimals = 2,
  options: PercentOptions = {},
): string {
  return `${formatPercent(low, decimals, UNITLESS)}–${formatPercent(high, decimals, options)}`;
}
