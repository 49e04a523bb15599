/**
 * ADADELTA (Zeiler, arXiv:1212.5701, algorithm 1):
 *
 *     v' = decay v + (1 − decay) g²
 *     δ  = g √((u + epsilon) / (v' + epsilon))
 *     u' = decay u + (1 − decay) δ²
 *     p' = p − rate δ
 *
 * A move δ has the unit of the parameter, since u is a mean of earlier moves. The paper has no rate, which is
 * a rate of 1. PyTorch's Adadelta is the same. Departing from both, means of squares below 1e-36 are set to 0,
 * see `tiny.ts`.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, div, mul, sqrt, sub, type Tensor } from "../../tensor/mod.ts";
import type { Optimizer } from "./optimizer.ts";
import { flushTinySquares } from "./tiny.ts";

/** Options of ADADELTA. */
export interface AdadeltaOptions {
  /** Fraction of the old mean squares kept at each step. */
  readonly decay?: number;
  /** Number that is added to mean squares. It determines the first moves, and prevents division by zero. */
  readonly epsilon?: number;
}

/** Schema of the options. Epsilon has the default of Zeiler's paper, and the decay has PyTorch's. */
const options = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.9)
    .describe("fraction of the old mean squares kept at each step"),
  epsilon: z.number().positive().default(1e-6)
    .describe(
      "added to mean squares: it determines the first moves, and prevents division by zero",
    ),
});

/** Returns ADADELTA, which scales moves by the size of earlier moves. Use it with a rate of about 1. */
export function adadelta(overrides: AdadeltaOptions = {}): Optimizer<"square" | "moved"> {
  const { decay, epsilon } = withDefaults(options, overrides);
  const meanOf = (old: Tensor, seen: Tensor) =>
    flushTinySquares(add(mul(old, decay), mul(mul(seen, seen), 1 - decay)));
  return {
    slots: ["square", "moved"],
    update(params, grads, slots, { rate }) {
      const square = meanOf(slots.square, grads);
      const ratio = sqrt(div(add(slots.moved, epsilon), add(square, epsilon)));
      const move = mul(ratio, grads);
      return {
        params: sub(params, mul(move, rate)),
        slots: { square, moved: meanOf(slots.moved, move) },
      };
    },
  };
}

export const adadeltaEntry: Entry<AdadeltaOptions, Optimizer<"square" | "moved">> = entry({
  doc: "ADADELTA: scales moves by the size of earlier ones; for a rate of about 1",
  options,
  create: adadelta,
});
