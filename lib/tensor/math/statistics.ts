/**
 * Sums, means and quantiles of numbers, in double precision, added in their order.
 *
 * @module
 */

/** Returns the sum of numbers, added in their order. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Returns the mean of numbers; NaN if there are none. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

/** The mean and the standard deviation of numbers. */
export interface Spread {
  /** Mean, Σ x / n. */
  readonly mean: number;
  /** Standard deviation of a sample, √(Σ (x − mean)² / (n − 1)); undefined for a single number. */
  readonly deviation?: number;
}

/** Computes mean and standard deviation; undefined if there are no numbers. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const centre = mean(values);
  if (count === 1) return { mean: centre };
  const squares = sum(values.map((value) => (value - centre) * (value - centre)));
  return { mean: centre, deviation: Math.sqrt(squares / (count - 1)) };
}

/**
 * Returns a quantile: the element at index ⌊fraction · n⌋ of the n sorted values, at most the last one; NaN
 * if there are none.
 */
export function quantile(values: Iterable<number>, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? NaN;
}

/** Returns the median; for an even number of values, the upper of the two in the middle. */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
