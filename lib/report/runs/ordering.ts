/** Values of several runs by which these can be ordered. */
export interface Ordering {
  readonly values: readonly (number | string | null | undefined)[];
  /** Whether the largest come first, as accuracies do. */
  readonly falling: boolean;
}

/**
 * The places of the runs in the order of their values; equals in their order, those without a value last.
 *
 * @param reverse whether the worst or highest come first
 */
export function orderBy({ values, falling }: Ordering, reverse = false): readonly number[] {
  const sign = falling === reverse ? 1 : -1;
  return [...values.keys()].sort((a, b) => {
    const [one = null, other = null] = [values[a], values[b]];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    if (typeof one === typeof other) return one === other ? 0 : one < other ? -sign : sign;
    return typeof one === "number" ? -sign : sign; // numbers before words
  });
}
