/**
 * Metrics that training can be steered by: to stop early, to keep the best weights, to lower the rate.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../config/registry.ts";
import type { ScoreRecord } from "./evaluation.ts";

/** Names of the metrics: the samples and weights that are scored, and what is looked at. */
export const METRICS = [
  "validation.loss",
  "validation.accuracy",
  "train.loss",
  "train.accuracy",
  "average.loss",
  "average.accuracy",
] as const;

/** A metric; those of "average" are of the validation split with averaged weights. */
export type Metric = typeof METRICS[number];

/** The name of a metric in a config. */
export const metricSchema: Schema<Metric> = z.enum(METRICS);

/** Value of a metric in a record; undefined if the record has no such score. */
export function metricOf(record: ScoreRecord, metric: Metric): number | undefined {
  const [part, figure] = metric.split(".") as ["validation", "loss"];
  return record[part]?.[figure];
}

/** By how much one value of a metric is better than another: losses fall, accuracies rise. */
export function improvement(metric: Metric, value: number, over: number): number {
  return metric.endsWith(".loss") ? over - value : value - over;
}

/**
 * Whether a value is better than the best one so far, if there is one, by more than a part of it: lower
 * by loss, higher by accuracy. NaN is never better.
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
