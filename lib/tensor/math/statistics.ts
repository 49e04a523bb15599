/**
 * Sums, means and quantiles of numbers, in double precision, added in their order.
 *
 * @module
 */

/** Returns the sum of numbers, added in their order; 0 if there are none. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Returns the mean of numbers; NaN if there are none. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

/** The mean and the standard deviation of one or more numbers. */
export interface Spread {
  /** Mean, Σ x / n. */
  readonly mean: number;
  /** Standard deviation of a sample, √(Σ (x − mean)² / (n − 1)); undefined for a single number. */
  readonly deviation?: number;
}

/** Computes the mean and the standard deviation of numbers. Returns undefined if there are none. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const centre = mean(values);
  if (count === 1) return { mean: centre };
  const squares = sum(values.map((value) => (value - centre) * (value - centre)));
  return { mean: centre, deviation: Math.sqrt(squares / (count - 1)) };
}

/**
 * Returns a quantile of n numbers in any order: the element at index ⌊fraction · n⌋ of the numbers sorted
 * upwards, at most the last one; NaN if there are none. `fraction` lies between 0 and 1.
 */
export function quantile(values: Iterable<number>, fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? NaN;
}

/**
 * Returns the median of numbers in any order; for an even number of them, the upper of the two in the middle;
 * NaN if there are none.
 */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
