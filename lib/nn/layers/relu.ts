/**
 * Rectified linear unit (Nair and Hinton, ICML 2010).
 *
 *     forward    y  = max(x, 0)              x, y [batch, n]
 *     backward   dx = dy where x > 0, else 0
 *
 * The derivative at x = 0, which is not defined, is 0.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { greater, max, select, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Applies the rectifier max(x, 0) to every element of x [batch, n]. */
export function reluForward(x: Tensor): Tensor {
  return max(x, 0);
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function reluBackward(x: Tensor, dy: Tensor): { readonly dx: Tensor } {
  return { dx: select(greater(x, 0), dy, 0) };
}

/** Returns a layer of rectified linear units. */
export function relu(): Layer<never> {
  return elementwiseLayer("relu", { forward: reluForward, backward: reluBackward }, {});
}

export const reluEntry: Entry<Record<string, never>, Layer<never>> = entry({
  doc: "Rectified linear unit: y = max(x, 0)",
  create: relu,
});
