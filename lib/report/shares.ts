import { formatFixed, formatPercent } from "deno-plot-svg";

/**
 * A share in percent to some decimals. What would be rounded to nothing, or to all, and is neither, is
 * said to be less or more than the smallest and the largest number that can be written: "< 0.1 %".
 */
export function shareText(share: number, decimals: number): string {
  const step = Number(`1e${-decimals - 2}`);
  if (share > 0 && share < step / 2) return `<\u00a0${formatPercent(step, decimals)}`;
  if (share < 1 && share >= 1 - step / 2) return `>\u00a0${formatPercent(1 - step, decimals)}`;
  return formatPercent(share, decimals);
}

/** A share in percent without its unit, for where a heading has it: 0.9778 → "97.78". */
export function percentNumber(share: number, decimals = 2): string {
  return formatFixed(100 * share, decimals);
}
