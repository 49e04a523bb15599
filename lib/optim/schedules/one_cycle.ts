/**
 * One cycle (Smith and Topin, "Super-convergence", arXiv:1708.07120): the rate rises from a low value to the
 * highest, then falls to one far below the first:
 *
 *     peak / startDivisor  →  peak  →  peak / startDivisor / endDivisor
 *
 * along half cosine waves or straight lines. The rise ends at step `rise` · steps, the fall at the last one.
 * This is PyTorch's OneCycleLR with two phases, which follows fast.ai in the cosine and in the last rate. That
 * changes the momentum too; this schedule does not.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { cosTurns } from "../../tensor/math/math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the one-cycle schedule. */
export interface OneCycleOptions {
  /** Highest learning rate. */
  readonly peak?: number;
  /** Fraction of the steps in which the rate rises. */
  readonly rise?: number;
  /** Highest rate divided by the first. */
  readonly startDivisor?: number;
  /** First rate divided by the last. */
  readonly endDivisor?: number;
  /** Shape of rise and fall. */
  readonly shape?: "cosine" | "linear";
}

/** Schema of the options. Defaults are PyTorch's, except for the rate, for which PyTorch has none. */
const options = z.strictObject({
  peak: z.number().positive().default(0.01).describe("highest learning rate"),
  rise: z.number().min(0).max(1).default(0.3)
    .describe("fraction of the steps in which the rate rises"),
  startDivisor: z.number().min(1).default(25)
    .describe("highest rate divided by the first"),
  endDivisor: z.number().min(1).default(10_000)
    .describe("first rate divided by the last"),
  shape: z.enum(["cosine", "linear"]).default("cosine").describe("shape of rise and fall"),
});

/**
 * Functions that interpolate between two rates. `share` is the fraction of the way from the first to the
 * second.
 */
const INTERPOLATIONS = {
  cosine: (from: number, to: number, share: number) =>
    to + 0.5 * (from - to) * (1 + cosTurns(share / 2)),
  linear: (from: number, to: number, share: number) => from + (to - from) * share,
};

/** Returns a schedule that rises to the highest learning rate, then falls to a very low one. */
export function oneCycle(overrides: OneCycleOptions = {}): Schedule {
  const { peak, rise, startDivisor, endDivisor, shape } = withDefaults(options, overrides);
  const interpolate = INTERPOLATIONS[shape];
  const first = peak / startDivisor;
  const last = first / endDivisor;
  return (step, { steps }) => {
    const top = Math.max(0, rise * steps - 1); // steps before the highest rate
    const taken = step - 1;
    if (taken === top) return peak;
    if (taken < top) return interpolate(first, peak, taken / top);
    return interpolate(peak, last, (taken - top) / (steps - 1 - top));
  };
}

export const oneCycleEntry: Entry<OneCycleOptions, Schedule> = entry({
  doc: "One cycle: rises to the highest learning rate, then falls to a very low one",
  options,
  create: oneCycle,
});
