/**
 * Metrics that control training: early stopping, the best checkpoint, the learning rate on a plateau.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../config/registry.ts";
import type { ScoreRecord } from "./evaluation.ts";

/** Names of the metrics: the scored samples or weights, and the score. */
export const METRICS = [
  "validation.loss",
  "validation.accuracy",
  "train.loss",
  "train.accuracy",
  "average.loss",
  "average.accuracy",
] as const;

/** A metric; "average" means the validation split with averaged weights. */
export type Metric = typeof METRICS[number];

/** The name of a metric in a config. */
export const metricSchema: Schema<Metric> = z.enum(METRICS);

/** Returns the value of a metric in a record; undefined if the record has no such score. */
export function metricOf(record: ScoreRecord, metric: Metric): number | undefined {
  const [part, figure] = metric.split(".") as ["validation", "loss"];
  return record[part]?.[figure];
}

/** Returns by how much one value of a metric is better than another: lower for losses, higher for accuracies. */
export function improvement(metric: Metric, value: number, over: number): number {
  return metric.endsWith(".loss") ? over - value : value - over;
}

/**
 * Whether a value is better than the best one so far, if there is one, by more than a fraction of it: lower
 * for losses, higher for accuracies. NaN is never better.
 */
export function isBetter(
  metric: Metric,
  value: number,
  best: number | undefined,
  part = 0,
): boolean {
  if (best === undefined) return !Number.isNaN(value);
  return improvement(metric, value, best) > part * best;
}
