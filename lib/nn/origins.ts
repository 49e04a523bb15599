/**
 * Where the nodes of an expression come from, so that a message can name the layer and the pass that
 * produced a bad number.
 *
 * @module
 */
import type { Tensor } from "../tensor/mod.ts";

/** Tensors that were made by one part of an expression, for example "forward of layer 1 (dense1)". */
export interface Origin {
  /** What made them, as messages say it. */
  readonly name: string;
  /** What was made. */
  readonly tensors: readonly Tensor[];
}

/** The origin of every node that the given tensors rest on: the first in the list that reaches it. */
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
