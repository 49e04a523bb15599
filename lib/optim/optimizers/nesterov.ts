/**
 * Nesterov's momentum (Nesterov, Soviet Mathematics Doklady 27(2), 1983; in the form of Sutskever et al.,
 * ICML 2013, equations 3 and 4):
 *
 *     v' = decay v + g
 *     p' = p − rate (g + decay v')
 *
 * As in PyTorch's SGD, p is the paper's θ + decay v, the point ahead at which the gradient is computed, and the
 * rate stands outside the sum, as in `momentum.ts`. Velocities below 1e-30 are set to 0, see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, mul, sub } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTiny } from "./tiny.ts";

/** Options of Nesterov's momentum. */
export interface NesterovOptions {
  /** Fraction of the old velocity kept at each step. */
  readonly decay?: number;
}

const options = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.9)
    .describe("fraction of the old velocity kept at each step"),
});

/** Returns gradient descent with Nesterov's momentum. */
export function nesterov(overrides: NesterovOptions = {}): Optimizer<"velocity"> {
  const { decay } = withDefaults(options, overrides);
  return {
    slots: ["velocity"],
    update(params, grads, { velocity }, { rate }) {
      const next = flushTiny(add(mul(velocity, decay), grads));
      const ahead = add(grads, mul(next, decay));
      return { params: sub(params, mul(ahead, rate)), slots: { velocity: next } };
    },
  };
}

export const nesterovEntry: Entry<NesterovOptions, Optimizer<"velocity">> = entry({
  doc: "Gradient descent with Nesterov's momentum",
  options,
  create: nesterov,
});
