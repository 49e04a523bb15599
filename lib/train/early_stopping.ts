/**
 * Early stopping: the best score so far, and whether too many scores have passed since (Prechelt, "Early
 * stopping, but when?", in "Neural Networks: Tricks of the Trade", 1998, criterion UP, counting the scores
 * since the best one).
 *
 * The functions are pure and depend only on the scores, which every checkpoint contains. So a resumed
 * training stops at the same step as one that was never interrupted.
 *
 * @module
 */
import { z } from "zod";
import { withDefaults } from "../config/registry.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import { improvement, type Metric, metricSchema, metricValue } from "../evaluate/monitor.ts";

/** Options of early stopping. */
export interface EarlyStopping {
  /** Monitored metric. */
  readonly metric?: Metric;
  /** Number of consecutive scores without improvement after which training stops. */
  readonly patience?: number;
  /** Smallest improvement on the best score that counts, in units of the metric. */
  readonly minimumImprovement?: number;
  /** Whether the model gets the weights of the best step, ranked by the fit's `best` or else by `metric`. */
  readonly restoreBest?: boolean;
}

export const earlyStoppingSchema = z.strictObject({
  metric: metricSchema.default("validation.loss").describe("monitored metric"),
  patience: z.int().min(1).default(5)
    .describe("number of consecutive scores without improvement after which training stops"),
  minimumImprovement: z.number().min(0).default(0)
    .describe("smallest improvement on the best score that counts, in units of the metric"),
  restoreBest: z.boolean().default(true)
    .describe(
      "whether the model gets the weights of the best step, ranked by best or else by metric",
    ),
});

interface Best {
  /** The best record; the earliest if several are equal. */
  readonly record: ScoreRecord;
  /** Number of later records that have the metric. */
  readonly since: number;
}

/**
 * Returns the best record by a metric, or undefined if no record has the metric. A record replaces the best
 * before it only if it is better by more than `minimumImprovement`.
 */
export function bestOf(
  records: readonly ScoreRecord[],
  metric: Metric,
  minimumImprovement = 0,
): Best | undefined {
  let best: { record: ScoreRecord; value: number; since: number } | undefined;
  for (const record of records) {
    const value = metricValue(record, metric);
    if (value === undefined) continue;
    if (best === undefined || improvement(metric, value, best.value) > minimumImprovement) {
      best = { record, value, since: 0 };
    } else best = { ...best, since: best.since + 1 };
  }
  return best;
}

/** Returns whether `patience` scores have passed since the best one. */
export function isOver(records: readonly ScoreRecord[], options: EarlyStopping): boolean {
  const { metric, patience, minimumImprovement } = withDefaults(earlyStoppingSchema, options);
  const best = bestOf(records, metric, minimumImprovement);
  return best !== undefined && best.since >= patience;
}

/** Returns the metric whose best weights are restored; undefined if the last step's weights are kept. */
export function restoredBy(options: EarlyStopping | undefined): Metric | undefined {
  if (options === undefined) return undefined;
  const { metric, restoreBest } = withDefaults(earlyStoppingSchema, options);
  return restoreBest ? metric : undefined;
}
