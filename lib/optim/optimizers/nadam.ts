/**
 * NAdam: Adam with Nesterov's momentum (Dozat, ICLR 2016 workshop, algorithm 2), at step t = 1, 2, …:
 *
 *     μₜ = beta1 (1 − ½ 0.96^(t momentumDecay))
 *     m' = beta1 m + (1 − beta1) g
 *     v' = beta2 v + (1 − beta2) g²
 *     m̂  = μₜ₊₁ m' / (1 − μ₁ ⋯ μₜ₊₁) + (1 − μₜ) g / (1 − μ₁ ⋯ μₜ)
 *     p' = p − rate m̂ / (√v̂ + epsilon)     v̂ = v' / (1 − beta2ᵗ)
 *
 * As in PyTorch's NAdam, m decays by beta1 and not by μₜ. The equation is that of its documentation and
 * of its `foreach` form; its plain form multiplied the product for μₜ₊₁ by μₜ twice until 2.0
 * (pytorch/pytorch#92699).
 *
 * The complement c = 1 − μ₁ ⋯ μₜ is a slot, which begins at 0: c' = c + (1 − c) (1 − μₜ). Elements of m' below
 * 1e-30 are set to 0, see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { exp, log } from "../../tensor/math/math.ts";
import {
  add,
  addInteger,
  div,
  mul,
  power,
  powerComplement,
  sqrt,
  sub,
  type Tensor,
} from "../../tensor/mod.ts";
import { adamMeans, type AdamOptions, adamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of NAdam. */
export interface NadamOptions extends AdamOptions {
  /** Speed at which the momentum rises from ½ beta1 to beta1. */
  readonly momentumDecay?: number;
}

/**
 * Schema of the options. Defaults are those of Dozat's paper, except for beta2 and epsilon, which have Adam's
 * defaults, as in PyTorch.
 */
const options = adamOptions.extend({
  momentumDecay: z.number().min(0).max(1).default(0.004)
    .describe("speed at which the momentum rises from beta1 / 2 to beta1"),
});

/** Returns NAdam: Adam with Nesterov's momentum. */
export function nadam(overrides: NadamOptions = {}): Optimizer<"first" | "second" | "complement"> {
  const { beta1, beta2, epsilon, momentumDecay } = withDefaults(options, overrides);
  const perStep = exp(momentumDecay * log(0.96));
  const momentumAt = (step: Tensor) => mul(sub(1, mul(power(perStep, step), 0.5)), beta1);
  /** Returns 1 − product · factor, given `complement`, 1 − product. */
  const nextComplement = (complement: Tensor, factor: Tensor) =>
    add(complement, mul(sub(1, complement), sub(1, factor)));
  return {
    slots: ["first", "second", "complement"],
    numbers: ["complement"],
    update(params, grads, slots, { rate, step }) {
      const { first, second } = adamMeans(grads, slots, { beta1, beta2 });
      const [now, next] = [momentumAt(step), momentumAt(addInteger(step, 1))];
      const complement = nextComplement(slots.complement, now);
      const ofMean = div(next, nextComplement(complement, next));
      const ofGradient = div(sub(1, now), complement);
      const deviation = sqrt(powerComplement(beta2, step));
      const size = add(sqrt(second), mul(deviation, epsilon));
      const scale = mul(rate, deviation); // √v̂ + epsilon is the size divided by the deviation
      const ahead = add(mul(first, mul(scale, ofMean)), mul(grads, mul(scale, ofGradient)));
      return { params: sub(params, div(ahead, size)), slots: { first, second, complement } };
    },
  };
}

export const nadamEntry: Entry<NadamOptions, Optimizer<"first" | "second" | "complement">> = entry({
  doc: "NAdam: Adam with Nesterov's momentum",
  options,
  create: nadam,
});
