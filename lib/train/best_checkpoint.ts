import type { Checkpoint } from "../run/checkpoint.ts";
import type { FitOptions } from "./options.ts";
import { scoresOf } from "./history.ts";
import { type Metric, metricOf } from "../evaluate/monitor.ts";
import { bestOf, restoredBy } from "./early_stopping.ts";

interface BestKeeper {
  /** Keeps a checkpoint if it is the best so far. */
  look(checkpoint: Checkpoint): Promise<void>;
  /** The checkpoint that the model is made of; undefined if that is the last. */
  restored(): Checkpoint | undefined;
}

export function bestKeeper(options: FitOptions): BestKeeper {
  const { onBest } = options;
  const restores = restoredBy(options.earlyStopping);
  const metric = options.best ?? restores;
  let kept = metric === undefined ? undefined : bestUntilThen(options, metric);
  return {
    async look(checkpoint) {
      if (metric === undefined) return;
      const found = bestOf(scoresOf(checkpoint.history), metric);
      const isNew = found?.record.step === checkpoint.position.step;
      if (!isNew || metricOf(found.record, metric) === undefined) return;
      kept = checkpoint;
      await onBest?.(checkpoint);
    },
    restored: () => restores === undefined ? undefined : kept,
  };
}

/**
 * The best checkpoint of a training that goes on. One that is newer than where it goes on from will be
 * made again: it was written just before training was stopped.
 */
function bestUntilThen({ from, fromBest }: FitOptions, metric: Metric): Checkpoint | undefined {
  const step = from && bestOf(scoresOf(from.history), metric)?.record.step;
  if (from === undefined || step === undefined) return undefined;
  if (step === from.position.step) return from;
  const given = fromBest?.position.step;
  if (given === step) return fromBest;
  if (given !== undefined && given > from.position.step) return undefined;
  throw new RangeError(
    `Cannot go on: expected the best checkpoint by "${metric}", of step ${step}: ` +
      `received ${given ?? "none"}`,
  );
}
