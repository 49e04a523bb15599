/**
 * Topological order of graphs.
 *
 * @module
 */
import type { Tensor } from "./tensor.ts";

/**
 * Returns the outputs and all tensors on which they depend in topological order: each after its inputs.
 * Tensors for which `isKnown` returns true are left out, and so are tensors on which only known tensors
 * depend.
 */
export function topologicalOrder(
  outputs: readonly Tensor[],
  isKnown?: (tensor: Tensor) => boolean,
): readonly Tensor[] {
  if (isKnown === undefined) return sortTopologically(outputs, ({ inputs }) => inputs);
  const isMissing = (tensor: Tensor) => !isKnown(tensor);
  return sortTopologically(outputs.filter(isMissing), ({ inputs }) => inputs.filter(isMissing));
}

/**
 * Returns the results and all nodes on which they depend, directly or not, each once and after its
 * dependencies. The graph must have no cycle.
 *
 * @param dependenciesOf returns the nodes on which a node depends directly
 */
export function sortTopologically<Node>(
  results: readonly Node[],
  dependenciesOf: (node: Node) => readonly Node[],
): readonly Node[] {
  const order = new Set<Node>();
  const pending = results.toReversed();
  // Not recursive: a graph may be deeper than the stack
  for (let node = pending.at(-1); node !== undefined; node = pending.at(-1)) {
    const missing = order.has(node)
      ? []
      : dependenciesOf(node).filter((other) => !order.has(other));
    if (missing.length === 0) {
      order.add(node);
      pending.pop();
    } else {
      pending.push(...missing.toReversed());
    }
  }
  return [...order];
}
