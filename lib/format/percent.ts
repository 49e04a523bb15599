import { formatFixed } from "./numbers.ts";

/** Options of {@linkcode formatPercent}. */
export interface PercentOptions {
  /** Text after the number. Defaults to "%" after a no-break space. */
  readonly unit?: string;
  /**
   * Whether a fraction that would be rounded to 0 or 100 % without being so is shown as a bound: "< 0.1 %".
   * Defaults to false.
   */
  readonly clamped?: boolean;
}

/** Options for terminals: an ordinary space, so that the text can be searched for. */
export const PLAIN: PercentOptions = { unit: " %" };

/** Options for cells whose heading has the unit. */
export const UNITLESS: PercentOptions = { unit: "" };

/** Formats a fraction as a percentage: 0.9778 → "97.78 %". */
export function formatPercent(share: number, decimals = 2, options: PercentOptions = {}): string {
  const { unit = "\u00a0%", clamped = false } = options;
  const format = (share: number) => `${formatFixed(100 * share, decimals)}${unit}`;
  if (!clamped) return format(share);
  const step = Number(`1e${-decimals - 2}`);
  if (share > 0 && share < step / 2) return `<\u00a0${format(step)}`;
  if (share < 1 && share >= 1 - step / 2) return `>\u00a0${format(1 - step)}`;
  return format(share);
}

/** Formats an interval of fractions as percentages: "97.70–98.46 %". */
export function formatInterval(
  [low, high]: readonly [number, number],
  decimals = 2,
  options: PercentOptions = {},
): string {
  return `${formatPercent(low, decimals, UNITLESS)}–${formatPercent(high, decimals, options)}`;
}
