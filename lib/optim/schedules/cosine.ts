/**
 * Cosine annealing: half a cosine wave from the first rate to the last, in one or several cycles.
 *
 *     rate = to + ½ (from − to) (1 + cos(π t / T))     t = 0 … T − 1: step of a cycle of T steps
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017),
 * equation 5. The first step of a cycle uses `from`. The step after the last would use `to`, so the rate of
 * every step is positive even if `to` is 0. This is PyTorch's CosineAnnealingLR and, with several cycles, its
 * CosineAnnealingWarmRestarts: the run is divided into cycles, each `growth` times as long as the one before
 * (the paper's T_mult), to the nearest step.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { cosTurns } from "../../tensor/math/math.ts";
import { power } from "./power.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the cosine schedule. */
export interface CosineOptions {
  /** Learning rate of the first step. */
  readonly from?: number;
  /** Learning rate that is approached at the end. */
  readonly to?: number;
  /** Number of cycles. */
  readonly cycles?: number | undefined;
  /** Length of each cycle relative to the one before. */
  readonly growth?: number | undefined;
}

const options = z.strictObject({
  from: z.number().positive().default(0.002).describe("learning rate of the first step"),
  to: z.number().min(0).default(0).describe("learning rate that is approached at the end"),
  cycles: z.int().min(1).max(1000).optional().describe("number of cycles. Defaults to 1"),
  growth: z.number().min(1).max(10).optional()
    .describe("length of each cycle relative to the one before. Defaults to 1"),
});

/** Returns a schedule of cosine annealing from one rate to another, in one or several cycles. */
export function cosine(overrides: CosineOptions = {}): Schedule {
  const { from, to, cycles = 1, growth = 1 } = withDefaults(options, overrides);
  /** Returns the length of a number of cycles in units of the first: 1 + growth + growth² … */
  const lengthOf = (cycles: number) =>
    growth === 1 ? cycles : (power(growth, cycles) - 1) / (growth - 1);
  return (step, { steps }) => {
    const startOf = (cycle: number) => Math.round(steps * (lengthOf(cycle) / lengthOf(cycles)));
    let cycle = cycles - 1;
    while (startOf(cycle) >= step) cycle--;
    const [start, end] = [startOf(cycle), startOf(cycle + 1)];
    return to + 0.5 * (from - to) * (1 + cosTurns((step - start - 1) / (2 * (end - start))));
  };
}

export const cosineEntry: Entry<CosineOptions, Schedule> = entry({
  doc: "Cosine annealing from one learning rate to another, in one or several cycles",
  options,
  create: cosine,
});
