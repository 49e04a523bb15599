/**
 * Disjoint sets (union-find, Tarjan 1975).
 *
 * @module
 */
interface DisjointSets<Item> {
  /** Returns the representative of an item's set. */
  find(item: Item): Item;
  /** Merges the sets of two items. */
  unite(a: Item, b: Item): void;
}

/** Returns disjoint sets, in which every item is at first alone. */
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
