/**
 * Defines the metrics that control early stopping, the choice of the best checkpoint, and learning rates.
 *
 * @module
 */
import { z } from "zod";
import type { Schema } from "../config/registry.ts";
import type { ScoreRecord } from "./evaluation.ts";

/**
 * Metrics that can control a training: the loss and the accuracy on the validation split, on the training
 * split, and on the validation split with averaged weights.
 */
export const METRICS = [
  "validation.loss",
  "validation.accuracy",
  "train.loss",
  "train.accuracy",
  "average.loss",
  "average.accuracy",
] as const;

/**
 * Name of a metric: a split and a score. "average" stands for the validation split with averaged weights.
 */
export type Metric = typeof METRICS[number];

/** Schema of a metric's name in a config. */
export const metricSchema: Schema<Metric> = z.enum(METRICS);

/** Returns the value of a metric, such as "validation.loss", in a record of scores; undefined if it is missing. */
export function metricValue(record: ScoreRecord, metric: Metric): number | undefined {
  const [part, figure] = metric.split(".") as ["validation", "loss"];
  return record[part]?.[figure];
}

/**
 * Returns by how much a value of a metric is better than an earlier one; negative if it is worse. Lower losses and
 * higher accuracies are better.
 */
export function improvement(metric: Metric, value: number, earlier: number): number {
  return metric.endsWith(".loss") ? earlier - value : value - earlier;
}

/**
 * Returns whether a value of a metric is better than the best earlier value. It must be better by more than
 * the fraction `part` of that value. Lower losses and higher accuracies are better; NaN never is.
 *
 * @param best best earlier value; undefined if there is none, so that every number is better
 * @param part fraction of the best value by which the value must be better, exclusive. Defaults to 0.
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
