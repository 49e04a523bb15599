/**
 * Sums, means and quantiles of plain numbers, in 64-bit floating point, added in the given order.
 *
 * @module
 */

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Returns the mean of some numbers, NaN of none. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

export interface Spread {
  /** Σ x / n. */
  readonly mean: number;
  /** √(Σ (x − mean)² / (n − 1)), of the numbers as a sample of more; undefined of one alone. */
  readonly deviation?: number;
}

/** Returns mean and standard deviation, undefined of no numbers. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const centre = mean(values);
  if (count === 1) return { mean: centre };
  const squares = sum(values.map((value) => (value - centre) * (value - centre)));
  return { mean: centre, deviation: Math.sqrt(squares / (count - 1)) };
}

/** Returns the smallest value that at least a share of all values, 0 to 1, do not exceed. */
export function quantile(values: Iterable<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

/** Returns the value in the middle; of an even number of values the upper of the two. */
export function median(values: Iterable<number>): number {
  return quantile(values, 0.5);
}
