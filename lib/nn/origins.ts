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
 * Returns the origin of every node on which the tensors of a list depend. If a node has several, it is the
 * first in the list.
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
