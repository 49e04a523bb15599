/**
 * Layers that apply a function to every element: no parameters, no state, and the width stays.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import type { Tensor } from "../../tensor/mod.ts";
import type { Layer } from "./layer.ts";

/** A function of every element, and its derivative. */
export interface Elementwise {
  /** y [batch, n] of x [batch, n]. */
  forward(x: Tensor): Tensor;
  /** Gradient with respect to x, given dy [batch, n]. */
  backward(x: Tensor, dy: Tensor): { readonly dx: Tensor };
}

/**
 * The layer of a function of every element.
 *
 * @param options the layer's in a config, if a config can name it
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
