export const BINS = 64;

export interface Histogram {
  /** The smallest of the numbers in the bins; 0 if there are none. */
  readonly low: number;
  /** The largest of them, which belongs to the last bin; 0 if there are none. */
  readonly high: number;
  /** Numbers in each of the bins of equal width from low to high [{@linkcode BINS}]. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** Numbers that are 0, which are in no bin. */
  readonly zeros: number;
  /** Numbers that are not finite, which are in no bin either. */
  readonly infinite: number;
  /** Units that are 0 for all samples; of activations only. */
  readonly dead?: number;
}

/**
 * How many of some numbers lie in each of {@linkcode BINS} bins of equal width between the smallest and
 * the largest of those that are finite and not 0: zeros, of which rectifiers make many, are counted by
 * themselves, or nothing else would be seen. Numbers that are all alike are in the first bin.
 *
 * Bins are found in double precision, in which the width of no bin overflows.
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

/** How many columns of a matrix [rows, columns], row-major, are 0 in every row. */
export function deadColumns(values: Float32Array, columns: number): number {
  const isAlive = new Uint8Array(columns);
  for (let i = 0, column = 0; i < values.length; i++) {
    if (values[i] !== 0) isAlive[column] = 1;
    if (++column === columns) column = 0;
  }
  return columns - isAlive.reduce((sum, alive) => sum + alive, 0);
}
