export const BINS = 64;

export interface Histogram {
  /** Smallest value in the bins; 0 if there are none. */
  readonly low: number;
  /** Largest value, which belongs to the last bin; 0 if there are none. */
  readonly high: number;
  /** Number of values in each of the bins of equal width from low to high [{@linkcode BINS}]. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Number of zeros, which are in no bin. */
  readonly zeros: number;
  /** Number of non-finite values, which are in no bin. */
  readonly infinite: number;
  /** Number of units that are 0 for all samples; only for activations. */
  readonly dead?: number;
}

/**
 * Computes a histogram with {@linkcode BINS} bins of equal width between the smallest and the largest value
 * that is finite and not 0. Zeros, of which rectifiers produce many, are counted separately, since they would
 * dominate the bins. Equal values are all in the first bin.
 *
 * Bins are computed in double precision, in which no width overflows.
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
export function deadColumns(values: Float32Array, columns: number): number {
  const isAlive = new Uint8Array(columns);
  for (let i = 0, column = 0; i < values.length; i++) {
    if (values[i] !== 0) isAlive[column] = 1;
    if (++column === columns) column = 0;
  }
  return columns - isAlive.reduce((sum, alive) => sum + alive, 0);
}
