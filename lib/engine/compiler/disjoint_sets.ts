interface DisjointSets<Item> {
  /** The member that stands for the set of a thing. */
  find(item: Item): Item;
  /** Makes one set of those of two things. */
  unite(a: Item, b: Item): void;
}

/** Disjoint sets (union-find, Tarjan 1975). */
export function disjointSets<Item extends object>(): DisjointSets<Item> {
  const parents = new Map<Item, Item>();
  const find = (item: Item): Item => {
    let root = item;
    for (let up = parents.get(root); up !== undefined; up = parents.get(root)) root = up;
    // All that were passed are put right below it, so that the next way is short
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
