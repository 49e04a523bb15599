/**
 * Logistic sigmoid (as in Rumelhart, Hinton and Williams, "Learning representations by back-propagating
 * errors", Nature 323, 1986, equation 2).
 *
 *     forward    y  = σ(x) = 1 / (1 + e^(−x))         x, y [batch, n]
 *     backward   dx = dy σ(x) σ(−x)                   σ(−x) = 1 − σ(x), without cancellation
 *
 * Both have a small relative error even where they are tiny, see `lib/tensor/math/logistic.ts`.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, neg, sigmoid as sigmoidOf, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Applies the logistic sigmoid to every element of x [batch, n]. */
export function sigmoidForward(x: Tensor): Tensor {
  return sigmoidOf(x);
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function sigmoidBackward(x: Tensor, dy: Tensor): { readonly dx: Tensor } {
  return { dx: mul(dy, mul(sigmoidOf(x), sigmoidOf(neg(x)))) };
}

/** Returns a layer of logistic sigmoids. */
export function sigmoid(): Layer<never> {
  return elementwiseLayer("sigmoid", { forward: sigmoidForward, backward: sigmoidBackward }, {});
}

export const sigmoidEntry: Entry<Record<string, never>, Layer<never>> = entry({
  doc: "Logistic sigmoid: y = 1 / (1 + e^-x), from 0 to 1",
  create: sigmoid,
});
