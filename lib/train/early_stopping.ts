/**
 * Early stopping: ends training when too many scores have passed since the best one (Prechelt, "Early
 * stopping, but when?", in "Neural Networks: Tricks of the Trade", 1998, criterion UP; here the scores since
 * the best one are counted).
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
  /** Improvement that a score must exceed to replace the best score, in units of the metric. */
  readonly minimumImprovement?: number;
  /**
   * Whether the trained network has the weights of the best step instead of the last one. Steps are ranked by
   * the fit's option `best` or, without it, by `metric`.
   */
  readonly restoreBest?: boolean;
}

/** Schema of the options of early stopping. */
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

/** The best score record by a metric. */
interface BestRecord {
  /** Record with the best value of the metric; the earliest of equal ones. */
  readonly record: ScoreRecord;
  /** Number of records after this one that have a value of the metric. */
  readonly since: number;
}

/**
 * Finds the score record with the best value of a metric. Returns undefined if no record has a value of it. A
 * later record replaces the best one only if its value is better by more than `minimumImprovement`.
 */
export function findBestRecord(
  records: readonly ScoreRecord[],
  metric: Metric,
  minimumImprovement = 0,
): BestRecord | undefined {
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

/**
 * Returns whether early stopping ends training: whether the last `patience` scores have not improved on the
 * best one before them.
 *
 * @param records all score records of the training, in the order of steps
 */
export function shouldStopEarly(records: readonly ScoreRecord[], options: EarlyStopping): boolean {
  const { metric, patience, minimumImprovement } = withDefaults(earlyStoppingSchema, options);
  const best = findBestRecord(records, metric, minimumImprovement);
  return best !== undefined && best.since >= patience;
}

/**
 * Returns the metric by which early stopping ranks the weights that it restores; undefined if it restores
 * none.
 */
export function restorationMetric(options: EarlyStopping | undefined): Metric | undefined {
  if (options === undefined) return undefined;
  const { metric, restoreBest } = withDefaults(earlyStoppingSchema, options);
  return restoreBest ? metric : undefined;
}
