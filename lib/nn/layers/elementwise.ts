/**
 * Layers that apply a function to every element: no parameters, no state, and the width stays.
 *
 * @module
 */
import type { Tensor } from "../../tensor/mod.ts";
import type { Layer } from "./layer.ts";

/** A function of every element, and its derivative. */
export interface Elementwise {
  /** y [batch, n] of x [batch, n]. */
  forward(x: Tensor): Tensor;
  /** Gradient with respect to x, given dy [batch, n]. */
  backward(x: Tensor, dy: Tensor): { readonly dx: Tensor };
}

/** The layer of a function of every element. */
export function elementwiseLayer(kind: string, { forward, backward }: Elementwise): Layer<never> {
  return {
    kind,
    category: "activation",
    width: (inputs) => inputs,
    parameters: () => [],
    state: () => [],
    forward: (_params, x) => ({ y: forward(x), state: {} }),
    backward: (_params, x, dy) => ({ ...backward(x, dy), grads: {} }),
  };
}
