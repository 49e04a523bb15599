/** Sets of items without common items, which can be merged. */
interface DisjointSets<Item> {
  /**
   * Returns the item that represents the set of an item: the same one for all items of a set, until it is
   * merged.
   */
  find(item: Item): Item;
  /** Merges the sets of two items. */
  unite(a: Item, b: Item): void;
}

/** Returns disjoint sets of all items. At first, every item is in a set by itself. */
export function disjointSets<Item extends object>(): DisjointSets<Item> {
  const parents = new Map<Item, Item>();
  const find = (item: Item): Item => {
    let root = item;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    // Path compression: every item on the path becomes a child of the root
    for (let at = item; at !== root;) {
      const up = parents.get(at) as Item;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  return {
    find,
    unite(a, b) {
      if (find(a) !== find(b)) parents.set(find(a), find(b));
    },
  };
}
