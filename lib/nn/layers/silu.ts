/**
 * Sigmoid linear unit, also called swish (Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for
 * neural network function approximation in reinforcement learning", Neural Networks 107, 2018; Hendrycks
 * and Gimpel, 2016, section 2).
 *
 *     forward    y  = x σ(x)                      x, y [batch, n]     σ the logistic sigmoid
 *     backward   dx = dy σ(x) (1 + x σ(−x))
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { add, mul, neg, sigmoid, type Tensor } from "../../tensor/mod.ts";
import { elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Applies the sigmoid linear unit x σ(x) to every element of x [batch, n]. */
export function siluForward(x: Tensor): Tensor {
  return mul(x, sigmoid(x));
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function siluBackward(x: Tensor, dy: Tensor): { readonly dx: Tensor } {
  return { dx: mul(dy, mul(sigmoid(x), add(1, mul(x, sigmoid(neg(x)))))) };
}

/** Returns a layer of sigmoid linear units. */
export function silu(): Layer<never> {
  return elementwiseLayer("silu", { forward: siluForward, backward: siluBackward }, {});
}

export const siluEntry: Entry<Record<string, never>, Layer<never>> = entry({
  doc: "Sigmoid linear unit, or swish: y = x / (1 + e^-x)",
  create: silu,
});
