/**
 * Momentum (Polyak, USSR Computational Mathematics and Mathematical Physics 4(5), 1964):
 *
 *     v' = decay v + g
 *     p' = p − rate v'
 *
 * Unlike Sutskever et al. (ICML 2013, equation 1), the rate stands outside the sum, as in PyTorch's
 * SGD: when the rate changes, it changes for the whole velocity at once. Velocities below 1e-30 are set to 0,
 * see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, mul, sub } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTiny } from "./tiny.ts";

/** Options of momentum. */
export interface MomentumOptions {
  /** Fraction of the old velocity kept at each step. */
  readonly decay?: number;
}

const options = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.9)
    .describe("fraction of the old velocity kept at each step"),
});

/** Returns gradient descent with momentum. */
export function momentum(overrides: MomentumOptions = {}): Optimizer<"velocity"> {
  const { decay } = withDefaults(options, overrides);
  return {
    slots: ["velocity"],
    update(params, grads, { velocity }, { rate }) {
      const next = flushTiny(add(mul(velocity, decay), grads));
      return { params: sub(params, mul(next, rate)), slots: { velocity: next } };
    },
  };
}

export const momentumEntry: Entry<MomentumOptions, Optimizer<"velocity">> = entry({
  doc: "Gradient descent with momentum",
  options,
  create: momentum,
});
