/**
 * Exponential moving average of the weights (Polyak and Juditsky, SIAM Journal on Control and
 * Optimization 30(4), 1992, for the mean of iterates; the exponential form as Tarvainen and Valpola,
 * NIPS 2017, equation 2):
 *
 *     mean' = d mean + (1 − d) parameters        d = min(decay, (1 + step) / (10 + step))
 *
 * The smaller d of the first steps, as in TensorFlow's ExponentialMovingAverage, lets the mean forget the
 * initial weights.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Averaging } from "./averaging.ts";

/** Options of the exponential moving average. */
export interface ExponentialAverageOptions {
  /** Fraction of the old mean that is kept at each step. The first steps keep a smaller one. */
  readonly decay?: number;
}

const options = z.strictObject({
  decay: z.number().min(0).lt(1).default(0.999)
    .describe("fraction of the old mean kept at each step; less in the first steps"),
});

/** Returns an exponential moving average of the weights. */
export function exponentialAverage(overrides: ExponentialAverageOptions = {}): Averaging {
  const { decay } = withDefaults(options, overrides);
  return (step) => 1 - Math.min(decay, (1 + step) / (10 + step));
}

export const exponentialEntry: Entry<ExponentialAverageOptions, Averaging> = entry({
  doc: "Exponential moving average of the weights",
  options,
  create: exponentialAverage,
});
