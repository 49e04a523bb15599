/**
 * Adam (Kingma and Ba, ICLR 2015, algorithm 1), at step t = 1, 2, …:
 *
 *     m' = beta1 m + (1 − beta1) g
 *     v' = beta2 v + (1 − beta2) g²
 *     p' = p − rate m̂ / (√v̂ + epsilon)     m̂ = m' / (1 − beta1ᵗ)   v̂ = v' / (1 − beta2ᵗ)
 *
 * The corrections of m and v are the same for all parameters. As the end of the paper's section 2 proposes,
 * they are applied to the rate, which needs one division per parameter instead of three. Epsilon is scaled
 * too, so that the result is that of the algorithm:
 *
 *     p' = p − rate c m' / (√v' + epsilon d)     d = √(1 − beta2ᵗ)   c = d / (1 − beta1ᵗ)
 *
 * Departing from the paper, elements of m' below 1e-30 are set to 0, see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Tensors } from "../../nn/mod.ts";
import { add, div, mul, powerComplement, sqrt, sub, type Tensor } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTiny } from "./tiny.ts";

/** Options of Adam. */
export interface AdamOptions {
  /** Fraction of the old mean gradient kept at each step. */
  readonly beta1?: number;
  /** Fraction of the old mean squared gradient kept at each step. */
  readonly beta2?: number;
  /** Number that is added to the denominator to prevent division by zero. */
  readonly epsilon?: number;
}

/** Schema of Adam's options, which other optimizers extend. Defaults are those of Adam's paper. */
export const adamOptions = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9)
    .describe("fraction of the old mean gradient kept at each step"),
  beta2: z.number().min(0).lt(1).default(0.999)
    .describe("fraction of the old mean squared gradient kept at each step"),
  epsilon: z.number().positive().default(1e-8)
    .describe("added to the root of the mean squared gradient to prevent division by zero"),
});

/** Computes the new running means m' (`first`) of the gradients [n] and v' (`second`) of their squares. */
export function adamMeans(
  grads: Tensor,
  { first, second }: Tensors<"first" | "second">,
  { beta1, beta2 }: { readonly beta1: number; readonly beta2: number },
): Tensors<"first" | "second"> {
  return {
    first: flushTiny(add(mul(first, beta1), mul(grads, 1 - beta1))),
    second: add(mul(second, beta2), mul(mul(grads, grads), 1 - beta2)),
  };
}

/**
 * Computes what Adam subtracts from the parameters, rate m̂ / (√v̂ + epsilon), from the means m' (`first`) and v'
 * (`second`).
 */
export function adamMove(
  { first, second }: Tensors<"first" | "second">,
  { beta1, beta2, epsilon }: Required<AdamOptions>,
  { rate, step }: { readonly rate: Tensor | number; readonly step: Tensor },
): Tensor {
  const deviation = sqrt(powerComplement(beta2, step));
  const corrected = mul(rate, div(deviation, powerComplement(beta1, step)));
  const size = add(sqrt(second), mul(deviation, epsilon));
  return div(mul(first, corrected), size);
}

/**
 * Returns Adam, which adapts each parameter's rate by running means of its gradient and of the gradient's
 * square.
 */
export function adam(overrides: AdamOptions = {}): Optimizer<"first" | "second"> {
  const options = withDefaults(adamOptions, overrides);
  return {
    slots: ["first", "second"],
    update(params, grads, slots, inputs) {
      const means = adamMeans(grads, slots, options);
      return { params: sub(params, adamMove(means, options, inputs)), slots: means };
    },
  };
}

export const adamEntry: Entry<AdamOptions, Optimizer<"first" | "second">> = entry({
  doc: "Adam: adapts each parameter's rate by means of its gradient and of its square",
  options: adamOptions,
  create: adam,
});
