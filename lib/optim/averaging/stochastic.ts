/**
 * Stochastic weight averaging (Izmailov, Podoprikhin, Garipov, Vetrov and Wilson, UAI 2018,
 * algorithm 1): from a late step on, the mean of the weights at regular intervals.
 *
 *     mean' = (n mean + parameters) / (n + 1)        at the end of every period, n = 0, 1, …
 *
 * Before that step, the mean is the weights themselves. Running statistics of layers are averaged like
 * weights; the paper recomputes them by a pass over the data.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { Averaging } from "./averaging.ts";

/** Options of stochastic weight averaging. */
export interface StochasticAverageOptions {
  /** Fraction of training before averaging begins. */
  readonly from?: number;
  /** Interval between averaged weights, in epochs. */
  readonly every?: number;
}

const options = z.strictObject({
  from: z.number().min(0).lt(1).default(0.75)
    .describe("fraction of training before averaging begins"),
  every: z.number().positive().default(1)
    .describe("interval between averaged weights in epochs, also less than 1"),
});

/** Returns stochastic weight averaging. */
export function stochasticAverage(overrides: StochasticAverageOptions = {}): Averaging {
  const { from, every } = withDefaults(options, overrides);
  return (step, { steps, stepsPerEpoch }) => {
    const period = Math.max(1, Math.round(every * stepsPerEpoch));
    const before = Math.ceil(from * steps);
    const first = Math.max(1, Math.ceil(before / period)); // number of the first averaged period
    if (step <= first * period) return 1;
    return step % period === 0 ? 1 / (step / period - first + 1) : 0;
  };
}

export const stochasticEntry: Entry<StochasticAverageOptions, Averaging> = entry({
  doc: "Stochastic weight averaging: the mean of the weights of late epochs",
  options,
  create: stochasticAverage,
});
