import type { Tensor } from "./tensor.ts";

/**
 * All tensors that the outputs rest on, each after its inputs; those that are known already, and what
 * only they rest on, are left out.
 */
export function topologicalOrder(
  outputs: readonly Tensor[],
  isKnown?: (tensor: Tensor) => boolean,
): readonly Tensor[] {
  if (isKnown === undefined) return sortTopologically(outputs, ({ inputs }) => inputs);
  const isMissing = (tensor: Tensor) => !isKnown(tensor);
  return sortTopologically(outputs.filter(isMissing), ({ inputs }) => inputs.filter(isMissing));
}

/** All nodes that some rest on, and those themselves, each after the nodes that it rests on. */
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
