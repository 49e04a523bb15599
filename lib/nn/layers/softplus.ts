/**
 * Softplus, a smooth rectifier (Dugas, Bengio, Bélisle, Nadeau and Garcia, "Incorporating second-order
 * functional knowledge for better option pricing", NIPS 2000).
 *
 *     forward    y  = log(1 + e^(βx)) / β             x, y [batch, n]
 *     backward   dx = dy σ(βx)                        σ the logistic sigmoid
 *
 * Neither overflows or cancels, see `lib/tensor/math/logistic.ts`. PyTorch uses y = x for βx > 20, which
 * differs by at most 2.1e-9 / β.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { div, mul, sigmoid, softplus as softplusOf, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Options of softplus. */
export interface SoftplusOptions {
  /** β: larger values make the function closer to a rectifier. */
  readonly beta?: number;
}

const options = z.strictObject({
  beta: z.number().positive().default(1).describe("larger values make it closer to a rectifier"),
});

/** Applies softplus to every element of x [batch, n]. */
export function softplusForward({ beta }: Required<SoftplusOptions>, x: Tensor): Tensor {
  return div(softplusOf(mul(x, beta)), beta);
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function softplusBackward(
  { beta }: Required<SoftplusOptions>,
  x: Tensor,
  dy: Tensor,
): { readonly dx: Tensor } {
  return { dx: mul(dy, sigmoid(mul(x, beta))) };
}

/** Returns a layer of softplus units. */
export function softplus(overrides: SoftplusOptions = {}): Layer<never> {
  const checked = withDefaults(options, overrides);
  return elementwiseLayer("softplus", {
    forward: (x) => softplusForward(checked, x),
    backward: (x, dy) => softplusBackward(checked, x, dy),
  }, checked);
}

export const softplusEntry: Entry<SoftplusOptions, Layer<never>> = entry({
  doc: "Softplus, a smooth rectifier: y = log(1 + e^(beta x)) / beta",
  options,
  create: softplus,
});
