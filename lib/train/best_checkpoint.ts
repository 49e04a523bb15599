/**
 * Keeps the best checkpoint of a training, also across an interruption.
 *
 * @module
 */
import type { Checkpoint } from "../run/checkpoint.ts";
import type { FitOptions } from "./options.ts";
import { scoresOf } from "./history.ts";
import { type Metric, metricValue } from "../evaluate/monitor.ts";
import { bestOf, restoredBy } from "./early_stopping.ts";

interface BestKeeper {
  /** Keeps a checkpoint if it is the best so far. */
  offer(checkpoint: Checkpoint): Promise<void>;
  /** Returns the best checkpoint if early stopping restores it; undefined if the last one is used. */
  restored(): Checkpoint | undefined;
}

/** Returns a keeper of the best checkpoint by the metric of `best`, or else of early stopping. */
export function bestKeeper(options: FitOptions): BestKeeper {
  const { onBest } = options;
  const restores = restoredBy(options.earlyStopping);
  const metric = options.best ?? restores;
  let kept = metric === undefined ? undefined : bestBeforeResume(options, metric);
  return {
    async offer(checkpoint) {
      if (metric === undefined) return;
      const found = bestOf(scoresOf(checkpoint.history), metric);
      const isNew = found?.record.step === checkpoint.position.step;
      if (!isNew || metricValue(found.record, metric) === undefined) return;
      kept = checkpoint;
      await onBest?.(checkpoint);
    },
    restored: () => restores === undefined ? undefined : kept,
  };
}

/**
 * Returns the best checkpoint before the one that training resumes from. A best checkpoint that is newer
 * was written just before the interruption; it is ignored, since the resumed training makes it again.
 *
 * @throws {RangeError} if the best checkpoint is missing, or of another step than the history says
 */
function bestBeforeResume({ from, fromBest }: FitOptions, metric: Metric): Checkpoint | undefined {
  const step = from && bestOf(scoresOf(from.history), metric)?.record.step;
  if (from === undefined || step === undefined) return undefined;
  if (step === from.position.step) return from;
  const received = fromBest?.position.step;
  if (received === step) return fromBest;
  if (received !== undefined && received > from.position.step) return undefined;
  throw new RangeError(
    `Cannot resume: expected the best checkpoint by "${metric}", of step ${step}: ` +
      `received ${received ?? "none"}`,
  );
}
