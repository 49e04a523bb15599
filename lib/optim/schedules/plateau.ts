/**
 * A learning rate that falls by a factor when a metric has not become better for a while.
 *
 * A pure function of the scores before a step: they are gone through in their order, and wherever more
 * than `patience` in a row were not better than the best one by more than its part `threshold`,
 *
 *     rate' = max(rate · factor, minimum)
 *
 * After a fall `cooldown` scores do not count. The same as PyTorch's ReduceLROnPlateau with a relative
 * threshold; as there, the rate does not fall by less than 1e-8. What is no number is not better.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import type { ScoreRecord } from "../../evaluate/evaluation.ts";
import { isBetter, type Metric, metricOf, metricSchema } from "../../evaluate/monitor.ts";
import type { Schedule } from "./schedule.ts";

/** Options of the plateau schedule. */
export interface PlateauOptions {
  /** Learning rate at the beginning. */
  readonly rate?: number;
  /** What is watched. */
  readonly metric?: Metric;
  /** What the rate is multiplied by. */
  readonly factor?: number;
  /** Scores in a row that may be no better. */
  readonly patience?: number;
  /** Part of the best score by which another has to be better. */
  readonly threshold?: number;
  /** Scores after a fall that do not count. */
  readonly cooldown?: number;
  /** The lowest learning rate. */
  readonly minimum?: number;
}

/** PyTorch's, but for the rate. */
const options = z.strictObject({
  rate: z.number().positive().default(0.002).describe("learning rate at the beginning"),
  metric: metricSchema.default("validation.loss").describe("what is watched"),
  factor: z.number().positive().lt(1).default(0.1).describe("what the rate is multiplied by"),
  patience: z.int().min(0).default(10).describe("scores in a row that may be no better"),
  threshold: z.number().min(0).lt(1).default(1e-4)
    .describe("part of the best score by which another has to be better"),
  cooldown: z.int().min(0).default(0).describe("scores after a fall that do not count"),
  minimum: z.number().min(0).default(0).describe("the lowest learning rate"),
});

/** A fall by less than this does not take place. */
const LEAST_FALL = 1e-8;

/** A learning rate that falls when a metric has not become better for a while. */
export function plateau(overrides: PlateauOptions = {}): Schedule {
  const settings = withDefaults(options, overrides);
  const rateOf: Schedule = (step, { scores }) =>
    rateAfter(scores.filter((score) => score.step < step), settings);
  return Object.assign(rateOf, { watches: settings.metric });
}

function rateAfter(
  scores: readonly ScoreRecord[],
  { rate: first, metric, factor, patience, threshold, cooldown, minimum }: Required<PlateauOptions>,
): number {
  let [rate, bad, cooling] = [first, 0, 0];
  let best: number | undefined;
  for (const score of scores) {
    const value = metricOf(score, metric);
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
  doc: "A learning rate that falls when a metric has not become better for a while",
  options,
  create: plateau,
});
