/**
 * Stochastic gradient descent (Robbins and Monro, Annals of Mathematical Statistics 22(3), 1951):
 *
 *     p' = p − rate g
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { mul, sub } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";

/** Returns stochastic gradient descent, which has no state. */
export function sgd(): Optimizer<never> {
  return {
    slots: [],
    update: (params, grads, _slots, { rate }) => ({
      params: sub(params, mul(grads, rate)),
      slots: {},
    }),
  };
}

export const sgdEntry: Entry<Record<string, never>, Optimizer<never>> = entry({
  doc: "Stochastic gradient descent",
  create: sgd,
});
