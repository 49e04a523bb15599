/**
 * A learning rate that falls by a factor when a metric has stopped improving.
 *
 * It is a pure function of the scores before a step, in their order. Whenever more than `patience` scores
 * in a row have not improved on the best one by more than the fraction `threshold` of it,
 *
 *     rate' = max(rate · factor, minimum)
 *
 * The next `cooldown` scores then do not count as failures to improve. This is PyTorch's ReduceLROnPlateau
 * with a relative threshold; as there, the rate does not fall by less than 1e-8. NaN is not an improvement.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { ScoreRecord } from "../../evaluate/evaluation.ts";
import { isBetter, type Metric, metricSchema, metricValue } from "../../evaluate/monitor.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the plateau schedule. */
export interface PlateauOptions {
  /** Initial learning rate. */
  readonly rate?: number;
  /** Monitored metric. */
  readonly metric?: Metric;
  /** Factor by which the rate is multiplied at each fall. */
  readonly factor?: number;
  /**
   * Number of consecutive scores without improvement that are tolerated. The rate falls at the next one.
   */
  readonly patience?: number;
  /**
   * Fraction of the best score by which a score must be better than the best one to count as an
   * improvement.
   */
  readonly threshold?: number;
  /** Number of scores after a fall that do not count as scores without improvement. */
  readonly cooldown?: number;
  /** Lowest learning rate. */
  readonly minimum?: number;
}

/** Schema of the options. Defaults are PyTorch's, except for the rate. */
const options = z.strictObject({
  rate: z.number().positive().default(0.002).describe("initial learning rate"),
  metric: metricSchema.default("validation.loss").describe("monitored metric"),
  factor: z.number().positive().lt(1).default(0.1).describe("factor of each fall"),
  patience: z.int().min(0).default(10)
    .describe("number of consecutive scores without improvement before the rate falls"),
  threshold: z.number().min(0).lt(1).default(1e-4)
    .describe("smallest improvement that counts, as a fraction of the best score"),
  cooldown: z.int().min(0).default(0).describe("number of scores to ignore after a fall"),
  minimum: z.number().min(0).default(0).describe("lowest learning rate"),
});

/** Smallest amount by which the rate falls. */
const LEAST_FALL = 1e-8;

/** Returns a schedule whose rate falls when a metric has stopped improving. */
export function plateau(overrides: PlateauOptions = {}): Schedule {
  const settings = withDefaults(options, overrides);
  const rateOf: Schedule = (step, { scores }) =>
    computeRate(scores.filter((score) => score.step < step), settings);
  return Object.assign(rateOf, { watches: settings.metric });
}

/** Returns the rate after some scores, which are in the order of their steps. */
function computeRate(
  scores: readonly ScoreRecord[],
  { rate: first, metric, factor, patience, threshold, cooldown, minimum }: Required<PlateauOptions>,
): number {
  let [rate, bad, cooling] = [first, 0, 0];
  let best: number | undefined;
  for (const score of scores) {
    const value = metricValue(score, metric);
    if (value === undefined) continue;
    if (isBetter(metric, value, best, threshold)) {
      best = value;
      bad = 0;
    } else bad++;
    if (cooling > 0) {
      cooling--;
      bad = 0;
    }
    if (bad <= patience) continue;
    const lower = Math.max(rate * factor, minimum);
    if (rate - lower > LEAST_FALL) rate = lower;
    cooling = cooldown;
    bad = 0;
  }
  return rate;
}

export const plateauEntry: Entry<PlateauOptions, Schedule> = entry({
  doc: "A learning rate that falls when a metric has stopped improving",
  options,
  create: plateau,
});
