/**
 * Micro-batches: the parts of a batch whose gradients are added by a fixed tree.
 *
 * The option `shards: K` divides each batch of n samples into K micro-batches of consecutive samples. The
 * first n mod K have ⌊n / K⌋ + 1 samples, the others ⌊n / K⌋; in a batch of fewer samples than K, the last
 * micro-batches are empty and take no part. Their gradients are the leaves of a binary tree. A node of
 * several leaves is the sum of two nodes: the left one has as many leaves as the largest power of two below
 * their number, the right one the others. So the order of additions depends on K alone, and processes that
 * each compute some of the nodes obtain the same bits as a single one.
 *
 * @module
 */

/** Consecutive micro-batches, the leaves of one or more nodes of the tree. */
export interface Leaves {
  /** Index of the first one. */
  readonly from: number;
  /** Index after the last one. */
  readonly to: number;
}

/** Consecutive samples of a batch. */
export interface RowRange {
  /** Index of the first one. */
  readonly first: number;
  readonly count: number;
}

/** Returns the samples of a micro-batch, of `shards` in a batch of `batch` samples. */
export function microBatchOf(batch: number, shards: number, index: number): RowRange {
  const [least, larger] = [Math.floor(batch / shards), batch % shards];
  return { first: index * least + Math.min(index, larger), count: least + Number(index < larger) };
}

/**
 * Adds values by the tree below a node, or returns undefined if none is known.
 *
 * @param valueOf returns the value of a node: undefined for an inner node whose children are to be added,
 *   and for an empty leaf
 */
export function addByTree<Value>(
  node: Leaves,
  valueOf: (node: Leaves) => Value | undefined,
  add: (left: Value, right: Value) => Value,
): Value | undefined {
  const known = valueOf(node);
  if (known !== undefined || node.to - node.from <= 1) return known;
  const [left, right] = childrenOf(node).map((child) => addByTree(child, valueOf, add));
  if (left === undefined || right === undefined) return left ?? right;
  return add(left, right);
}

/** Returns the largest nodes of a tree of `shards` leaves that have only leaves of a range, in order. */
export function nodesWithin(range: Leaves, shards: number): readonly Leaves[] {
  const nodesBelow = (node: Leaves): readonly Leaves[] => {
    if (node.from >= range.from && node.to <= range.to) return [node];
    if (node.to <= range.from || node.from >= range.to) return [];
    return childrenOf(node).flatMap(nodesBelow);
  };
  return nodesBelow({ from: 0, to: shards });
}

function childrenOf({ from, to }: Leaves): readonly [Leaves, Leaves] {
  let middle = 1;
  while (2 * middle < to - from) middle *= 2;
  return [{ from, to: from + middle }, { from: from + middle, to }];
}
