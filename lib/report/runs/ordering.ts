/** Values by which several runs are sorted, and the direction. */
export interface Ordering {
  /** The value of each run; null or undefined for a run without one. */
  readonly values: readonly (number | string | null | undefined)[];
  /** Whether runs are sorted from the largest to the smallest value, as by accuracy. */
  readonly falling: boolean;
}

/**
 * Returns the indices of runs, sorted by the runs' values. Runs with equal values keep their order, and runs
 * without a value are last.
 *
 * @param reverse whether to sort in the opposite direction. Runs without a value stay last
 */
export function sortedIndices({ values, falling }: Ordering, reverse = false): readonly number[] {
  const sign = falling === reverse ? 1 : -1;
  return [...values.keys()].sort((a, b) => {
    const [one = null, other = null] = [values[a], values[b]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === typeof other) return one === other ? 0 : one < other ? -sign : sign;
    return typeof one === "number" ? -sign : sign; // numbers before texts
  });
}
