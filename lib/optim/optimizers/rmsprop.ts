/**
 * RMSprop (Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", Coursera, 2012):
 *
 *     v' = decay v + (1 − decay) g²
 *     p' = p − rate g / (√v' + epsilon)
 *
 * With centering (Graves, arXiv:1308.0850, equations 38 to 41), v' is replaced by v' − m'², the variance of the
 * gradient, with m' = decay m + (1 − decay) g. With momentum, u' = momentum u + g / (√v' + epsilon) and
 * p' = p − rate u'.
 *
 * As in PyTorch, epsilon stands outside the root and the rate outside the velocity. Departing from it, a
 * variance that is negative by rounding is set to 0, and so are numbers that are too small to matter, see
 * `tiny.ts`. PyTorch calls the decay alpha.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Tensors } from "../../nn/mod.ts";
import { add, div, max, mul, sqrt, sub, type Tensor } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTiny, flushTinySquares } from "./tiny.ts";

/** Options of RMSprop. */
export interface RmspropOptions {
  /** Fraction of the old mean squared gradient kept at each step. */
  readonly decay?: number;
  /** Number that is added to the denominator to prevent division by zero. */
  readonly epsilon?: number;
  /** Fraction of the old velocity kept at each step. */
  readonly momentum?: number;
  /** Whether gradients are divided by the root of their variance instead of their mean square. */
  readonly centered?: boolean;
}

/** Schema of the options. Defaults are PyTorch's. */
const options = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.99)
    .describe("fraction of the old mean squared gradient kept at each step"),
  epsilon: z.number().positive().default(1e-8)
    .describe("added to the denominator to prevent division by zero"),
  momentum: z.number().min(0).lt(1).default(0)
    .describe("fraction of the old velocity kept at each step; 0 for none"),
  centered: z.boolean().default(false)
    .describe("whether to divide by the root of the variance instead of the mean square"),
});

/** Returns RMSprop, which divides each element of the gradient by the root of its mean square. */
export function rmsprop(overrides: RmspropOptions = {}): Optimizer {
  const { decay, epsilon, momentum, centered } = withDefaults(options, overrides);
  const meanOf = (old: Tensor, seen: Tensor) => add(mul(old, decay), mul(seen, 1 - decay));
  return {
    slots: ["square", ...(centered ? ["mean"] : []), ...(momentum > 0 ? ["velocity"] : [])],
    update(params, grads, slots: Tensors, { rate }) {
      const after: Record<string, Tensor> = {};
      after.square = flushTinySquares(meanOf(slots.square, mul(grads, grads)));
      let spread = after.square;
      if (centered) {
        after.mean = flushTiny(meanOf(slots.mean, grads));
        spread = max(sub(after.square, mul(after.mean, after.mean)), 0);
      }
      let direction = div(grads, add(sqrt(spread), epsilon));
      if (momentum > 0) {
        direction = flushTiny(add(mul(slots.velocity, momentum), direction));
        after.velocity = direction;
      }
      return { params: sub(params, mul(direction, rate)), slots: after };
    },
  };
}

export const rmspropEntry: Entry<RmspropOptions, Optimizer> = entry({
  doc: "RMSprop: divides each gradient by the root of its mean square",
  options,
  create: rmsprop,
});
