/**
 * Walking expression graphs.
 *
 * @module
 */

import type { Tensor } from "./tensor.ts";

/**
 * All tensors that the outputs rest on, each after its inputs; those that are known already, and what
 * only they rest on, are left out.
 */
export function inOrder(
  outputs: readonly Tensor[],
  isKnown: (tensor: Tensor) => boolean = () => false,
): readonly Tensor[] {
  const order = new Set<Tensor>();
  const isMissing = (tensor: Tensor) => !order.has(tensor) && !isKnown(tensor);
  const pending = outputs.filter(isMissing).toReversed();
  // Not recursive: an expression may be deeper than the stack
  for (let tensor = pending.at(-1); tensor !== undefined; tensor = pending.at(-1)) {
    const missing = order.has(tensor) ? [] : tensor.inputs.filter(isMissing);
    if (missing.length === 0) {
      order.add(tensor);
      pending.pop();
    } else {
      pending.push(...missing.toReversed());
    }
  }
  return [...order];
}
