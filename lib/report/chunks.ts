/** Returns a list, or of one of more than `most` items the first and the last half of so many. */
export function firstAndLast<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return [...items.slice(0, most / 2), ...items.slice(-most / 2)];
}

/** A list in lists of so many, the last of what is left: `chunks([1, 2, 3], 2)` is `[[1, 2], [3]]`. */
export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
