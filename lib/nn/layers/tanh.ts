/**
 * Hyperbolic tangent (as in LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998, section 4.4,
 * without their factors).
 *
 *     forward    y  = tanh x                x, y [batch, n]
 *     backward   dx = dy (1 − y²)
 *
 * y is exact to 2 units in the last place (`lib/tensor/functions.ts`). 1 − y² has an absolute error of at
 * most 10 u, with u the unit roundoff: twice the 4 u of y, and u of each of two operations.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, sub, tanh as tanhOf, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Applies the hyperbolic tangent to every element of x [batch, n]. */
export function tanhForward(x: Tensor): Tensor {
  return tanhOf(x);
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function tanhBackward(x: Tensor, dy: Tensor): { readonly dx: Tensor } {
  const y = tanhOf(x);
  return { dx: mul(dy, sub(1, mul(y, y))) };
}

/** Returns a layer of hyperbolic tangents. */
export function tanh(): Layer<never> {
  return elementwiseLayer("tanh", { forward: tanhForward, backward: tanhBackward }, {});
}

export const tanhEntry: Entry<Record<string, never>, Layer<never>> = entry({
  doc: "Hyperbolic tangent: y = tanh x, from -1 to 1",
  create: tanh,
});
