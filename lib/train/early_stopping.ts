/**
 * Which step was the best, and whether training has gone on for too long without a better one (Prechelt,
 * "Early stopping, but when?", in "Neural Networks: Tricks of the Trade", 1998, criterion UP in the form
 * that counts scores since the best).
 *
 * Pure functions of the scores, which are in every checkpoint: a training that goes on decides as one
 * that never stopped.
 *
 * @module
 */
import { z } from "zod";
import { withDefaults } from "../config/registry.ts";
import type { ScoreRecord } from "../evaluate/evaluation.ts";
import { improvement, type Metric, metricOf, metricSchema } from "../evaluate/monitor.ts";

/** When training stops before its last epoch. */
export interface EarlyStopping {
  /** What is looked at. */
  readonly metric?: Metric;
  /** Scores in a row that may be no better than the best. */
  readonly patience?: number;
  /** What a score has to be better by, to count. */
  readonly minimumImprovement?: number;
  /** Whether the best weights, by the fit's `best` if that is given, become the model's. */
  readonly restoreBest?: boolean;
}

export const earlyStoppingSchema = z.strictObject({
  metric: metricSchema.default("validation.loss").describe("what is looked at"),
  patience: z.int().min(1).default(5)
    .describe("scores in a row that may be no better than the best"),
  minimumImprovement: z.number().min(0).default(0)
    .describe("what a score has to be better by, to count"),
  restoreBest: z.boolean().default(true)
    .describe("whether the best weights become those of the model: by best, if that is given"),
});

/** The best of some scores, and how many came after it. */
interface Best {
  /** The best record: the first of equals. */
  readonly record: ScoreRecord;
  /** Records with the metric that came after it. */
  readonly since: number;
}

/** The best of some records by a metric; undefined if none of them has it. */
export function bestOf(
  records: readonly ScoreRecord[],
  metric: Metric,
  minimumImprovement = 0,
): Best | undefined {
  let best: { record: ScoreRecord; value: number; since: number } | undefined;
  for (const record of records) {
    const value = metricOf(record, metric);
    if (value === undefined) continue;
    if (best === undefined || improvement(metric, value, best.value) > minimumImprovement) {
      best = { record, value, since: 0 };
    } else best = { ...best, since: best.since + 1 };
  }
  return best;
}

export function isOver(records: readonly ScoreRecord[], given: EarlyStopping): boolean {
  const { metric, patience, minimumImprovement } = withDefaults(earlyStoppingSchema, given);
  const best = bestOf(records, metric, minimumImprovement);
  return best !== undefined && best.since >= patience;
}

/** What the weights of the model are chosen by; undefined if they are those after the last step. */
export function restoredBy(given: EarlyStopping | undefined): Metric | undefined {
  if (given === undefined) return undefined;
  const { metric, restoreBest } = withDefaults(earlyStoppingSchema, given);
  return restoreBest ? metric : undefined;
}
