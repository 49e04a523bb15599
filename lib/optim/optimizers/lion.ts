/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", NeurIPS 2023, algorithm 2):
 *
 *     c  = beta1 m + (1 − beta1) g
 *     p' = p − rate (sign c + weightDecay p)
 *     m' = beta2 m + (1 − beta2) g
 *
 * Every parameter moves by the rate, so rates are three to ten times smaller than Adam's, and the decay is
 * larger by the same factor (the paper's section 5). The training step applies the decay before the
 * optimizer's update, which is equivalent. sign 0 is 0.
 *
 * Departing from the paper, elements of m' below 1e-30 are set to 0, see `tiny.ts`. So a parameter whose
 * gradient has become 0, which the sign of m keeps moving, stops a little earlier.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, greater, less, mul, sub, toFloat } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTiny } from "./tiny.ts";
import { weightDecayOption } from "./shared_options.ts";

/** Options of Lion. */
export interface LionOptions {
  /** Fraction of the old mean gradient in the direction of a step. */
  readonly beta1?: number;
  /** Fraction of the old mean gradient kept at each step. */
  readonly beta2?: number;
  /** Decoupled weight decay: each step multiplies weights by 1 − rate · weightDecay. */
  readonly weightDecay?: number;
}

/** Schema of the options. Defaults are those of the Lion paper. */
const options = z.strictObject({
  beta1: z.number().min(0).lt(1).default(0.9)
    .describe("fraction of the old mean gradient in the direction of a step"),
  beta2: z.number().min(0).lt(1).default(0.99)
    .describe("fraction of the old mean gradient kept at each step"),
  weightDecay: weightDecayOption(0),
});

/** Returns Lion, whose steps of equal size follow the sign of a mean gradient. */
export function lion(overrides: LionOptions = {}): Optimizer<"mean"> {
  const { beta1, beta2, weightDecay } = withDefaults(options, overrides);
  return {
    slots: ["mean"],
    weightDecay,
    update(params, grads, { mean }, { rate }) {
      // beta m + (1 − beta) g as m + (1 − beta) (g − m): the common node lets both be one loop
      const change = sub(grads, mean);
      const mixed = add(mean, mul(change, 1 - beta1));
      // A mask is −1 where it is set: −1 − 0 for negative numbers, 0 − (−1) for positive ones
      const sign = sub(toFloat(less(mixed, 0)), toFloat(greater(mixed, 0)));
      return {
        params: sub(params, mul(sign, rate)),
        slots: { mean: flushTiny(add(mean, mul(change, 1 - beta2))) },
      };
    },
  };
}

export const lionEntry: Entry<LionOptions, Optimizer<"mean">> = entry({
  doc: "Lion: steps of equal size by the sign of a mean gradient; for small rates",
  options,
  create: lion,
});
