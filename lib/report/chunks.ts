/** A list in lists of so many, the last of what is left: `chunks([1, 2, 3], 2)` is `[[1, 2], [3]]`. */
export function chunks<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from(
    { length: Math.ceil(items.length / size) },
    (_, index) => items.slice(index * size, (index + 1) * size),
  );
}
