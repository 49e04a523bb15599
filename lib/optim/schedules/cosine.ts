/**
 * Half a wave of the cosine, from the first rate to the last, once or again and again:
 *
 *     rate = to + ½ (from − to) (1 + cos(π t / T))     t = 0 … T − 1: step of a cycle of T steps
 *
 * Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts" (ICLR 2017),
 * equation 5. The first step of a cycle uses `from`; `to` would be reached by the step after the last,
 * so that every step still learns when `to` is 0. PyTorch's CosineAnnealingLR does the same, and so does
 * its CosineAnnealingWarmRestarts, with the steps of the run divided into cycles: each is `growth` times
 * as long as the one before (the paper's T_mult), to the nearest step.
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
  /** How often the wave is repeated. */
  readonly cycles?: number | undefined;
  /** How many times as long as the one before each cycle is. */
  readonly growth?: number | undefined;
}

const options = z.strictObject({
  from: z.number().positive().default(0.002).describe("learning rate of the first step"),
  to: z.number().min(0).default(0).describe("learning rate that is approached at the end"),
  cycles: z.int().min(1).max(1000).optional().describe("how many waves there are, 1 if not given"),
  growth: z.number().min(1).max(10).optional()
    .describe("how many times as long as the one before each of them is, 1 if not given"),
});

/** Half a wave of the cosine, from one rate to another, once or more often. */
export function cosine(overrides: CosineOptions = {}): Schedule {
  const { from, to, cycles = 1, growth = 1 } = withDefaults(options, overrides);
  /** Length of so many cycles, the first one's being 1: 1 + growth + growth² … */
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
  doc: "Half a wave of the cosine, from one learning rate to another; restarts if asked to",
  options,
  create: cosine,
});
