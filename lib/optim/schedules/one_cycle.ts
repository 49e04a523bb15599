/**
 * One cycle (Smith and Topin, "Super-convergence", arXiv:1708.07120): up from a low rate to the highest,
 * and down to one that is far lower than the first:
 *
 *     peak / startDivisor  →  peak  →  peak / startDivisor / endDivisor
 *
 * along half waves of the cosine or straight lines. The rise ends with step `rise` · steps, the fall with
 * the last one. The same as PyTorch's OneCycleLR in two phases, which follows fast.ai in the cosine and
 * in letting the last rate be lower than the first; of the momentum, which it moves too, nothing here.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { cosTurns } from "../../tensor/math/math.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the one-cycle schedule. */
export interface OneCycleOptions {
  /** The highest learning rate. */
  readonly peak?: number;
  /** Share of the steps in which the rate rises. */
  readonly rise?: number;
  /** The highest rate divided by this is the first one. */
  readonly startDivisor?: number;
  /** The first rate divided by this is the last one. */
  readonly endDivisor?: number;
  /** The form of rise and fall. */
  readonly shape?: "cosine" | "linear";
}

/** PyTorch's, but for the rate, which has none. */
const options = z.strictObject({
  peak: z.number().positive().default(0.01).describe("the highest learning rate"),
  rise: z.number().min(0).max(1).default(0.3)
    .describe("share of the steps in which the rate rises"),
  startDivisor: z.number().min(1).default(25)
    .describe("the highest rate divided by this is the first one"),
  endDivisor: z.number().min(1).default(10_000)
    .describe("the first rate divided by this is the last one"),
  shape: z.enum(["cosine", "linear"]).default("cosine").describe("the form of rise and fall"),
});

/** From a rate to another, a share of the way. */
const WAYS = {
  cosine: (from: number, to: number, share: number) =>
    to + 0.5 * (from - to) * (1 + cosTurns(share / 2)),
  linear: (from: number, to: number, share: number) => from + (to - from) * share,
};

/** Up to the highest learning rate and down to a very low one. */
export function oneCycle(overrides: OneCycleOptions = {}): Schedule {
  const { peak, rise, startDivisor, endDivisor, shape } = withDefaults(options, overrides);
  const way = WAYS[shape];
  const first = peak / startDivisor;
  const last = first / endDivisor;
  return (step, { steps }) => {
    const top = Math.max(0, rise * steps - 1); // steps before the highest rate
    const taken = step - 1;
    if (taken === top) return peak;
    if (taken < top) return way(first, peak, taken / top);
    return way(peak, last, (taken - top) / (steps - 1 - top));
  };
}

export const oneCycleEntry: Entry<OneCycleOptions, Schedule> = entry({
  doc: "One cycle: up to the highest learning rate and down to a very low one",
  options,
  create: oneCycle,
});
