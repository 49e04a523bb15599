/**
 * Leaky rectified linear unit (Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network
 * acoustic models", ICML workshop 2013).
 *
 *     forward    y  = x where x > 0, else slope x          x, y [batch, n]
 *     backward   dx = dy where x > 0, else slope dy
 *
 * The derivative at x = 0, which is not defined, is the slope, as in PyTorch.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { greater, mul, select, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Options of a leaky rectifier. */
export interface LeakyReluOptions {
  /** Derivative for x < 0. */
  readonly slope?: number;
}

const options = z.strictObject({
  slope: z.number().min(0).lt(1).default(0.01).describe("derivative for x < 0"),
});

/** Applies the leaky rectifier to every element of x [batch, n]. */
export function leakyReluForward({ slope }: Required<LeakyReluOptions>, x: Tensor): Tensor {
  return select(greater(x, 0), x, mul(x, slope));
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function leakyReluBackward(
  { slope }: Required<LeakyReluOptions>,
  x: Tensor,
  dy: Tensor,
): { readonly dx: Tensor } {
  return { dx: select(greater(x, 0), dy, mul(dy, slope)) };
}

/** Returns a layer of leaky rectified linear units. */
export function leakyRelu(overrides: LeakyReluOptions = {}): Layer<never> {
  const checked = withDefaults(options, overrides);
  return elementwiseLayer("leakyRelu", {
    forward: (x) => leakyReluForward(checked, x),
    backward: (x, dy) => leakyReluBackward(checked, x, dy),
  }, checked);
}

export const leakyReluEntry: Entry<LeakyReluOptions, Layer<never>> = entry({
  doc: "Leaky rectified linear unit: y = x where x > 0, else slope x",
  options,
  create: leakyRelu,
});
