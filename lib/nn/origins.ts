/**
 * Origins of the nodes of an expression: the layer and the pass that each belongs to, for error messages.
 *
 * @module
 */
import type { Tensor } from "../tensor/mod.ts";

/** A layer and a pass, with the tensors that they computed. */
export interface Origin {
  /** Name in messages: "forward of layer 1 (dense1)". */
  readonly name: string;
  /** Tensors that it has computed. */
  readonly tensors: readonly Tensor[];
}

/**
 * Returns for every node the name of the part that it belongs to: the first part in the list whose tensors
 * depend on the node.
 */
export function originsOf(parts: readonly Origin[]): ReadonlyMap<Tensor, string> {
  const origins = new Map<Tensor, string>();
  for (const { name, tensors } of parts) {
    const pending = [...tensors];
    for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
      if (origins.has(tensor)) continue;
      origins.set(tensor, name);
      pending.push(...tensor.inputs);
    }
  }
  return origins;
}
