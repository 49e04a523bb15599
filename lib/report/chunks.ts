/**
 * Returns a list shortened to `maxCount` items: half of them are its first items, and half its last. A list
 * that is short enough is returned as it is.
 *
 * @param maxCount even number of items
 */
export function firstAndLast<Item>(items: readonly Item[], maxCount: number): readonly Item[] {
  if (items.length <= maxCount) return items;
  return [...items.slice(0, maxCount / 2), ...items.slice(-maxCount / 2)];
}

/**
 * Splits a list into lists of `size` items, of which the last may be shorter: `splitIntoChunks([1, 2, 3],
 * 2)` is `[[1, 2], [3]]`.
 */
export function splitIntoChunks<Item>(
  items: readonly Item[],
  size: number,
): readonly (readonly Item[])[] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
