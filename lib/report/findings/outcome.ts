/**
 * Computes the findings about a run from its record.
 *
 * @module
 */
import type { SplitName } from "../../data/split/samples.ts";
import { countByClass } from "../../data/split/stratify.ts";
import { type Finding, findings, type TrainingOutcome } from "../../evaluate/findings/mod.ts";
import { metricSchema } from "../../evaluate/monitor.ts";
import { distributions } from "../../observe/distributions.ts";
import { overview } from "../../observe/overview.ts";
import type { RunRecord } from "../../run/record.ts";
import {
  earlyStoppingSchema,
  findBestRecord,
  restorationMetric,
} from "../../train/early_stopping.ts";
import { allScores } from "../../train/history.ts";
import { stageOptions } from "../config.ts";
import { observedValue } from "../observed.ts";

/** Returns the findings about the training of a run; none for an ensemble, which is not trained itself. */
export function runFindings(record: RunRecord): readonly Finding[] {
  return findings(trainingOutcome(record));
}

/** Returns the facts about a run from which findings are computed. */
export function trainingOutcome(record: RunRecord): TrainingOutcome {
  const { classes, epochs, steps, config } = record;
  const { earlyStopping } = stageOptions(config, "train");
  return {
    classes: classes.length,
    counts: countClasses(record),
    firstLoss: steps.loss[0],
    epochs,
    modelEpoch: modelEpoch(record),
    stopsEarly: earlyStopping !== undefined,
    hidden: hiddenLayers(record),
  };
}

/** Returns the number of samples of each class, for each split that was observed or evaluated. */
function countClasses(record: RunRecord): TrainingOutcome["counts"] {
  const { classes, evaluations } = record;
  const evaluated = evaluations.map(({ split, labels }) =>
    [split, countByClass(labels, classes.length)] as const
  );
  const seen = (observedValue(record, overview)?.splits ?? []).map(({ split, counts }) =>
    [split, counts] as const
  );
  const all: readonly (readonly [SplitName, ArrayLike<number>])[] = [...evaluated, ...seen];
  return Object.fromEntries(all);
}

/**
 * Returns the number of the epoch, from 1, from which the weights of the run's model are. This is the last
 * epoch, unless early stopping restored the weights of a better checkpoint. Weights that were saved within
 * an epoch count as those of that epoch.
 */
export function modelEpoch({ epochs, config }: Pick<RunRecord, "epochs" | "config">): number {
  const { earlyStopping, best } = stageOptions(config, "train");
  const stopping = earlyStoppingSchema.safeParse(earlyStopping);
  const restored = restorationMetric(stopping.data);
  if (restored === undefined) return epochs.length;
  const metric = metricSchema.safeParse(best).data ?? restored;
  const step = findBestRecord(allScores({ epochs, within: [] }), metric)?.record.step ?? Infinity;
  const index = epochs.findIndex((epoch) => epoch.step >= step);
  return index < 0 ? epochs.length : index + 1;
}

/** Returns the numbers of units and of dead units of each hidden layer at the last observed moment. */
function hiddenLayers(record: RunRecord): TrainingOutcome["hidden"] {
  const series = observedValue(record, distributions)?.series ?? [];
  return series.filter(({ kind }) => kind === "activation").map(({ name, shape, histograms }) => ({
    layer: name,
    units: shape[0] ?? 0,
    dead: histograms.at(-1)?.dead ?? 0,
  }));
}
