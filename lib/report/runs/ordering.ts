/** Values of several runs by which the runs can be sorted. */
export interface Ordering {
  readonly values: readonly (number | string | null | undefined)[];
  /** Whether the largest value is first, as for accuracies. */
  readonly falling: boolean;
}

/**
 * Returns the indices of the runs sorted by their values. The sort is stable; runs without a value are last.
 *
 * @param reverse whether to reverse the order
 */
export function orderBy({ values, falling }: Ordering, reverse = false): readonly number[] {
  const sign = falling === reverse ? 1 : -1;
  return [...values.keys()].sort((a, b) => {
    const [one = null, other = null] = [values[a], values[b]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === typeof other) return one === other ? 0 : one < other ? -sign : sign;
    return typeof one === "number" ? -sign : sign; // numbers before texts
  });
}
