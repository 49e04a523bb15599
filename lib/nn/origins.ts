/**
 * Origins of the nodes of an expression: the layer and the pass that each belongs to, for error messages.
 *
 * @module
 */
import type { Tensor } from "../tensor/mod.ts";

/** Tensors with a common origin. */
export interface Origin {
  /** Name in messages: "forward of layer 1 (dense1)". */
  readonly name: string;
  /** Tensors that it has computed. */
  readonly tensors: readonly Tensor[];
}

/** Returns the origin of every node that the tensors depend on: the first in the list that reaches it. */
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
