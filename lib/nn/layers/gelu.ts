/**
 * Gaussian error linear unit (Hendrycks and Gimpel, "Gaussian error linear units (GELUs)",
 * arXiv:1606.08415, 2016, section 2).
 *
 *     forward    y  = x Φ(x)                Φ(x) = ½ (1 + erf(x / √2)), the normal distribution
 *     backward   dx = dy (Φ(x) + x φ(x))    φ(x) = e^(−x²/2) / √(2π), its density
 *
 * or, with the paper's approximation of Φ by a tanh, whose error in y is at most 4.8e-4:
 *
 *     forward    y  = x σ(v)                v  = √(8/π) (x + 0.044715 x³)
 *     backward   dx = dy (σ(v) + x σ(v) σ(−v) v′)        v′ = √(8/π) (1 + 3 · 0.044715 x²)
 *
 *     x, y, dx, dy [batch, n]
 *
 * since ½ (1 + tanh a) = σ(2a), the logistic sigmoid, which is accurate where it is small. PyTorch has the
 * same two, called "none" and "tanh".
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, erf, exp, mul, neg, sigmoid, type Tensor } from "../../tensor/mod.ts";
import { type Elementwise, elementwiseLayer } from "./elementwise.ts";
import type { Layer } from "./layer.ts";

/** Options of Gaussian error linear units. */
export interface GeluOptions {
  /** Approximation of the normal distribution function: none or by a tanh. */
  readonly approximate?: "none" | "tanh";
}

const options = z.strictObject({
  approximate: z.enum(["none", "tanh"]).default("none")
    .describe("tanh: a faster formula with an error of at most 0.0005"),
});

const EXACT: Elementwise = {
  forward: (x) => mul(x, normalDistribution(x)),
  backward: (x, dy) => ({ dx: mul(dy, add(normalDistribution(x), mul(x, normalDensity(x)))) }),
};

/** Computes the distribution function of the normal distribution, Φ(x). */
function normalDistribution(x: Tensor): Tensor {
  return mul(add(erf(mul(x, Math.SQRT1_2)), 1), 0.5);
}

/** Computes the density of the normal distribution, φ(x). */
function normalDensity(x: Tensor): Tensor {
  return mul(exp(mul(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
}

const SLOPE = Math.sqrt(8 / Math.PI);
const CUBE = 0.044715;

const APPROXIMATE: Elementwise = {
  forward: (x) => mul(x, sigmoid(sigmoidArgument(x))),
  backward(x, dy) {
    const v = sigmoidArgument(x);
    const slope = mul(add(mul(mul(x, x), 3 * CUBE), 1), SLOPE);
    const steepness = mul(mul(x, sigmoid(neg(v))), slope);
    return { dx: mul(dy, mul(sigmoid(v), add(1, steepness))) };
  },
};

/** Computes v = √(8/π) (x + 0.044715 x³), the argument of the sigmoid that approximates Φ(x). */
function sigmoidArgument(x: Tensor): Tensor {
  return mul(mul(x, add(mul(mul(x, x), CUBE), 1)), SLOPE);
}

/** Applies the Gaussian error linear unit to every element of x [batch, n]. */
export function geluForward({ approximate }: Required<GeluOptions>, x: Tensor): Tensor {
  return (approximate === "tanh" ? APPROXIMATE : EXACT).forward(x);
}

/**
 * Computes the gradient of the loss with respect to x. dy [batch, n] is the gradient with respect to the
 * output y.
 */
export function geluBackward(
  { approximate }: Required<GeluOptions>,
  x: Tensor,
  dy: Tensor,
): { readonly dx: Tensor } {
  return (approximate === "tanh" ? APPROXIMATE : EXACT).backward(x, dy);
}

/** Returns a layer of Gaussian error linear units. */
export function gelu(overrides: GeluOptions = {}): Layer<never> {
  const checked = withDefaults(options, overrides);
  return elementwiseLayer("gelu", checked.approximate === "tanh" ? APPROXIMATE : EXACT, checked);
}

export const geluEntry: Entry<GeluOptions, Layer<never>> = entry({
  doc: "Gaussian error linear unit: y = x times the normal distribution function of x",
  options,
  create: gelu,
});
