/**
 * Summarizes a training before its first step: data, splits, network, optimizer and backend.
 *
 * @module
 */
import { basename } from "@std/path";
import { formatLayer, formatValue } from "../../lib/report/config.ts";
import type { Dataset } from "../../lib/data/dataset.ts";
import { listSplits, type SplitName } from "../../lib/data/split/samples.ts";
import { formatCount, formatCountWithNoun } from "../../lib/format/numbers.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import type { TrainingPlan } from "../cli/view.ts";
import type { Prepared } from "./artifacts.ts";
import { buildTraining, layerWidths } from "./building.ts";
import { stageOptionsOf } from "./read_run.ts";
import type { ExperimentConfig } from "./stage_table.ts";

/** Largest number of layers that a summary lists. */
const MOST_LAYERS = 12;

/** Names of the splits in the text after a number of samples, such as "54 000 training". */
const PURPOSES: Readonly<Record<SplitName, string>> = {
  train: "training",
  validation: "validation",
  test: "test",
};

/**
 * Returns the rows of the summary that is printed before a training, and the kinds of scores that each
 * epoch will have.
 *
 * @param prepared data, splits and normalization, or placeholders of their sizes
 */
export function trainingPlan(
  config: ExperimentConfig,
  prepared: Prepared,
  { workers, backend, ranks }: {
    readonly workers: number;
    /** Name of the backend: "exact". */
    readonly backend: string;
    /** Number of ranks, each of which has `workers` workers of its own. Defaults to this process alone. */
    readonly ranks?: number | undefined;
  },
): TrainingPlan {
  const { stage: _, ...options } = stageOptionsOf(config, "train", config.name);
  const { network, batchSize, epochs, validation, averaging } = buildTraining(options, prepared);
  const { dataset, splits } = prepared;
  const batches = divideIntoBatches(splits.train.rows.length, batchSize);
  const parameters = network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const sizes = listSplits(splits).map(([name, { rows }]) =>
    `${formatCount(rows.length)} ${PURPOSES[name]}`
  );
  return {
    scored: [
      ...(validation === undefined ? [] : ["validation" as const]),
      ...(validation === undefined || averaging === undefined ? [] : ["average" as const]),
    ],
    rows: [
      { label: "data", text: formatDataset(dataset, splits.train.samples.shape) },
      { label: "splits", text: `${sizes.join(", ")} samples` },
      {
        label: "network",
        text: `${joinShortened(layerWidths(network).map(String), "-")}, ${
          formatCountWithNoun(parameters, "parameter")
        }: ${joinShortened(options.layers.map(formatLayer), " → ")}`,
      },
      {
        label: "training",
        text: `${formatCountWithNoun(epochs, "epoch")} of ${
          formatCountWithNoun(batches.steps, "step")
        }, batches of ${formatCountWithNoun(batches.size, "sample")}`,
      },
      {
        label: "optimizer",
        text: `${options.optimizer.name} on ${options.loss.name}, learning rate ${
          formatSchedule(options.learningRate)
        }`,
      },
      { label: "backend", text: `${backend}, ${formatWorkersAndRanks(workers, ranks)}` },
    ],
  };
}

/** Formats the numbers of workers and ranks: "2 ranks with 4 workers each", or "4 workers" without ranks. */
function formatWorkersAndRanks(workers: number, ranks: number | undefined): string {
  const each = formatCountWithNoun(workers, "worker");
  return ranks === undefined ? each : `${formatCountWithNoun(ranks, "rank")} with ${each} each`;
}

/**
 * Formats the name, files, size, shape and number of classes of a data set.
 *
 * @param shape shape of a sample in training
 */
function formatDataset(
  { name, places = {}, classes, train, test }: Dataset,
  shape: readonly number[],
): string {
  const files = [...new Set(Object.values(places))].map((path) => basename(path));
  const named = files.length === 0 ? name : `${name} ${files.join(", ")}`;
  const form = shape.length === 1
    ? formatCountWithNoun(shape[0], "feature")
    : `images of ${shape.join("\u00a0×\u00a0")}`;
  return `${named}: ${formatCountWithNoun(train.count + (test?.count ?? 0), "sample")}, ${form}, ${
    formatCount(classes.length)
  } ${classes.length === 1 ? "class" : "classes"}`;
}

/** Formats a learning-rate schedule: name and options, or only the rate of a constant schedule. */
function formatSchedule({ name, ...options }: { readonly name: string }): string {
  const { rate } = options as { readonly rate?: number };
  return name === "constant" ? formatValue(rate) : `${name} (${formatValue(options)})`;
}

/** Joins texts with a separator. If there are more than 12, "…" replaces all but the first and last six. */
function joinShortened(texts: readonly string[], separator: string): string {
  if (texts.length <= MOST_LAYERS) return texts.join(separator);
  const half = MOST_LAYERS / 2;
  return [...texts.slice(0, half), "…", ...texts.slice(-half)].join(separator);
}
