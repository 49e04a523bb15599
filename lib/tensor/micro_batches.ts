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

/** Consecutive micro-batches, which are leaves of the tree: those of one node, or of several. */
export interface Leaves {
  /** Index of the first micro-batch. */
  readonly from: number;
  /** Index after the last micro-batch. */
  readonly to: number;
}

/** Consecutive samples of a batch, and so rows of its tensors. */
export interface RowRange {
  /** Index of the first sample. */
  readonly first: number;
  /** Number of samples; 0 for an empty micro-batch. */
  readonly count: number;
}

/**
 * Returns the samples of the micro-batch with an index from 0 to shards − 1, in a batch of `batch` samples.
 */
export function microBatchRows(batch: number, shards: number, index: number): RowRange {
  const [least, larger] = [Math.floor(batch / shards), batch % shards];
  return { first: index * least + Math.min(index, larger), count: least + Number(index < larger) };
}

/**
 * Adds the values of a node's leaves, in the order of the tree. Returns undefined if no leaf has a value.
 *
 * @param valueOf returns the value of a node, or undefined. An empty leaf has no value. The value of an inner
 *   node for which undefined is returned is added from its children
 */
export function addByTree<Value>(
  node: Leaves,
  valueOf: (node: Leaves) => Value | undefined,
  add: (left: Value, right: Value) => Value,
): Value | undefined {
  const known = valueOf(node);
  if (known !== undefined || node.to - node.from <= 1) return known;
  const [left, right] = childNodes(node).map((child) => addByTree(child, valueOf, add));
  if (left === undefined || right === undefined) return left ?? right;
  return add(left, right);
}

/**
 * Returns the fewest nodes of the tree of `shards` leaves that together have exactly the leaves of a range,
 * from left to right.
 */
export function largestNodesWithin(range: Leaves, shards: number): readonly Leaves[] {
  const nodesBelow = (node: Leaves): readonly Leaves[] => {
    if (node.from >= range.from && node.to <= range.to) return [node];
    if (node.to <= range.from || node.from >= range.to) return [];
    return childNodes(node).flatMap(nodesBelow);
  };
  return nodesBelow({ from: 0, to: shards });
}

/** Returns the left and the right child of a node of at least two leaves. */
function childNodes({ from, to }: Leaves): readonly [Leaves, Leaves] {
  let middle = 1;
  while (2 * middle < to - from) middle *= 2;
  return [{ from, to: from + middle }, { from: from + middle, to }];
}
