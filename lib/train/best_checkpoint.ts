/**
 * Keeps the best checkpoint of a training, also across an interruption.
 *
 * @module
 */
import type { Checkpoint } from "../run/checkpoint.ts";
import type { FitOptions } from "./options.ts";
import { allScores } from "./history.ts";
import { type Metric, metricValue } from "../evaluate/monitor.ts";
import { findBestRecord, restorationMetric } from "./early_stopping.ts";

/** A keeper of the best checkpoint of a training so far. */
interface BestCheckpointKeeper {
  /** Keeps a checkpoint, and calls `onBest` with it, if its score is the best so far. */
  offer(checkpoint: Checkpoint): Promise<void>;
  /**
   * Returns the best checkpoint if early stopping restores it; undefined if the last checkpoint is the
   * result.
   */
  restored(): Checkpoint | undefined;
}

/**
 * Returns a keeper of the best checkpoint by a metric: the option `best` or, without it, the metric of
 * early stopping if this restores the best weights. Without either metric, it keeps nothing.
 *
 * @throws {RangeError} if training resumes and the option `fromBest` is not the best checkpoint that is needed
 */
export function bestCheckpointKeeper(options: FitOptions): BestCheckpointKeeper {
  const { onBest } = options;
  const restores = restorationMetric(options.earlyStopping);
  const metric = options.best ?? restores;
  let kept = metric === undefined ? undefined : bestCheckpointBeforeResume(options, metric);
  return {
    async offer(checkpoint) {
      if (metric === undefined) return;
      const found = findBestRecord(allScores(checkpoint.history), metric);
      const isNew = found?.record.step === checkpoint.position.step;
      if (!isNew || metricValue(found.record, metric) === undefined) return;
      kept = checkpoint;
      await onBest?.(checkpoint);
    },
    restored: () => restores === undefined ? undefined : kept,
  };
}

/**
 * Returns the best checkpoint among those up to `from`, from which training resumes; undefined if no
 * checkpoint has the metric yet. A checkpoint `fromBest` of a later step than `from` was written just
 * before the interruption. It is never returned, because the resumed training reaches its step again.
 *
 * @throws {RangeError} if the best checkpoint by the history is missing, or `fromBest` is of another step
 */
function bestCheckpointBeforeResume(
  { from, fromBest }: FitOptions,
  metric: Metric,
): Checkpoint | undefined {
  const step = from && findBestRecord(allScores(from.history), metric)?.record.step;
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
