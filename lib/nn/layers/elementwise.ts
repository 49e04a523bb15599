/**
 * Layers that apply a function to every element, without parameters or state.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Tensor } from "../../tensor/mod.ts";
import type { Layer } from "./layer.ts";

/** An elementwise function, and its derivative. */
export interface Elementwise {
  /** Computes y [batch, n] from x [batch, n]. */
  forward(x: Tensor): Tensor;
  /** Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to y. */
  backward(x: Tensor, dy: Tensor): { readonly dx: Tensor };
}

/**
 * Returns the layer of an elementwise function.
 *
 * @param options options of the layer in configs; undefined if configs cannot name it
 */
export function elementwiseLayer(
  kind: string,
  { forward, backward }: Elementwise,
  options?: object,
): Layer<never> {
  return {
    kind,
    ...defined({ options }),
    category: "activation",
    width: (inputs) => inputs,
    parameters: () => [],
    state: () => [],
    forward: (_params, x) => ({ y: forward(x), state: {} }),
    backward: (_params, x, dy) => ({ ...backward(x, dy), grads: {} }),
  };
}
