/**
 * Exponential linear unit (Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning
 * by exponential linear units", ICLR 2016).
 *
 *     forward    y  = x where x > 0, else α (eˣ − 1)       x, y [batch, n]
 *     backward   dx = dy where x > 0, else α eˣ dy
 *
 * The difference α eˣ − α has an absolute error of at most 5 α u, with u the unit roundoff: 4 u of the
 * exponential, and u of the difference. So near 0 its relative error is larger.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { exp, greater, min, mul, select, sub, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Options of exponential linear units. */
export interface EluOptions {
  /** α: the output approaches −α for x → −∞. */
  readonly alpha?: number;
}

const options = z.strictObject({
  alpha: z.number().positive().default(1).describe("the output approaches -alpha for small x"),
});

/** Computes α eˣ for x < 0. For x > 0, the result is α, which is not used and cannot overflow. */
function scaledExponential({ alpha }: Required<EluOptions>, x: Tensor): Tensor {
  return mul(exp(min(x, 0)), alpha);
}

/** Applies the exponential linear unit to every element of x [batch, n]. */
export function eluForward(options: Required<EluOptions>, x: Tensor): Tensor {
  return select(greater(x, 0), x, sub(scaledExponential(options, x), options.alpha));
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function eluBackward(
  options: Required<EluOptions>,
  x: Tensor,
  dy: Tensor,
): { readonly dx: Tensor } {
  return { dx: select(greater(x, 0), dy, mul(dy, scaledExponential(options, x))) };
}

/** Returns a layer of exponential linear units. */
export function elu(overrides: EluOptions = {}): Layer<never> {
  const checked = withDefaults(options, overrides);
  return elementwiseLayer("elu", {
    forward: (x) => eluForward(checked, x),
    backward: (x, dy) => eluBackward(checked, x, dy),
  }, checked);
}

export const eluEntry: Entry<EluOptions, Layer<never>> = entry({
  doc: "Exponential linear unit: y = x where x > 0, else alpha (e^x - 1)",
  options,
  create: elu,
});
