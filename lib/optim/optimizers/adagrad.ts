/**
 * AdaGrad (Duchi, Hazan and Singer, JMLR 12, 2011, the diagonal form of figure 1 without projection):
 *
 *     s' = s + g²
 *     p' = p − rate g / (√s' + epsilon)
 *
 * Sums only grow, so every parameter's rate falls, and more slowly where gradients were small. PyTorch's
 * Adagrad is the same, with the same epsilon.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, div, mul, sqrt, sub } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Options of AdaGrad. */
export interface AdagradOptions {
  /** Number that is added to the denominator to prevent division by zero. */
  readonly epsilon?: number;
}

const options = z.strictObject({
  epsilon: z.number().positive().default(1e-10)
    .describe("added to the denominator to prevent division by zero"),
});

/** Returns AdaGrad, which divides each element of the gradient by the norm of all its values so far. */
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
  doc: "AdaGrad: divides each gradient by the norm of all earlier ones of its parameter",
  options,
  create: adagrad,
});
