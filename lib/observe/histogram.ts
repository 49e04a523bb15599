/** Number of bins of a histogram. */
export const BINS = 64;

/** Numbers of values in bins of equal width; zeros and non-finite values are counted apart. */
export interface Histogram {
  /** Smallest value in the bins, the lower end of the first one; 0 if all bins are empty. */
  readonly low: number;
  /** Largest value in the bins, the upper end of the last one, which includes it; 0 if all bins are empty. */
  readonly high: number;
  /** Number of values in each bin, from `low` to `high` [64]. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Number of zeros, which are in no bin. */
  readonly zeros: number;
  /** Number of values that are infinite or NaN, which are in no bin. */
  readonly infinite: number;
  /** Number of units whose output is 0 for all samples. Only histograms of activations have it. */
  readonly dead?: number;
}

/**
 * Computes a histogram of the finite values other than 0, with 64 bins of equal width from the smallest to
 * the largest of them. If they are all equal, they are in the first bin. Zeros are counted apart, since
 * rectifiers produce so many that they would dominate the bins.
 *
 * Bins are computed in double precision, in which the difference of two f32 values cannot overflow.
 */
export function histogram(values: Float32Array): Histogram {
  let [low, high, zeros, infinite] = [Infinity, -Infinity, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === 0) zeros++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  const counts = new Uint32Array(BINS);
  if (low > high) return { low: 0, high: 0, counts, zeros, infinite };
  const perUnit = high > low ? BINS / (high - low) : 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === 0 || !Number.isFinite(value)) continue;
    const bin = Math.min(BINS - 1, Math.floor((value - low) * perUnit));
    counts[bin] = counts[bin] + 1;
  }
  return { low, high, counts, zeros, infinite };
}

/** Counts the columns of a row-major matrix [rows, columns] that are 0 in every row. */
export function countDeadColumns(values: Float32Array, columns: number): number {
  const isAlive = new Uint8Array(columns);
  for (let i = 0, column = 0; i < values.length; i++) {
    if (values[i] !== 0) isAlive[column] = 1;
    if (++column === columns) column = 0;
  }
  return columns - isAlive.reduce((sum, alive) => sum + alive, 0);
}
