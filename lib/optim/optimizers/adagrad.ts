/**
 * AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011, the diagonal form of figure 1 without projection):
 *
 *     s' = s + g²
 *     p' = p − rate g / (√s' + epsilon)
 *
 * Sums only grow, so every parameter's rate falls, and falls the slower the less its gradients were.
 * PyTorch's Adagrad is the same, with the same epsilon.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, div, mul, sqrt, sub } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of AdaGrad. */
export interface AdagradOptions {
  /** What keeps the division safe where gradients are tiny. */
  readonly epsilon?: number;
}

const options = z.strictObject({
  epsilon: z.number().positive().default(1e-10)
    .describe("added to the length, so that nothing is divided by zero"),
});

/** Gradient descent in which each gradient is divided by the length of all that came before. */
export function adagrad(overrides: AdagradOptions = {}): Optimizer<"sum"> {
  const { epsilon } = withDefaults(options, overrides);
  return {
    slots: ["sum"],
    update(params, grads, slots, { rate }) {
      const sum = add(slots.sum, mul(grads, grads));
      const direction = div(grads, add(sqrt(sum), epsilon));
      return { params: sub(params, mul(direction, rate)), slots: { sum } };
    },
  };
}

export const adagradEntry: Entry<AdagradOptions, Optimizer<"sum">> = entry({
  doc: "AdaGrad: each gradient is divided by the length of all of its kind so far",
  options,
  create: adagrad,
});
