/**
 * Opens the network and the data that are explained: those of a finished run, or those of a config before its
 * first step.
 *
 * @module
 */
import { basename } from "@std/path";
import type { Split, Splits } from "../../lib/data/dataset.ts";
import type { SplitName } from "../../lib/data/split/samples.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";
import { initialValues } from "../../lib/analysis/explain/model_inputs.ts";
import { defined } from "../../lib/config/defined.ts";
import { losses } from "../../lib/nn/mod.ts";
import { type Schedule, schedules } from "../../lib/optim/schedules/mod.ts";
import { type ExplainedModel, explanationId } from "../../lib/run/identity.ts";
import { key, permutation } from "../../lib/tensor/mod.ts";
import { batchesOf } from "../../lib/train/batches.ts";
import { type LoadedModel, trainedOf } from "../../lib/train/inference/model.ts";
import { sourceOf } from "../../lib/train/programs.ts";
import type { Where } from "../cli/options.ts";
import { viewed } from "../cli/view.ts";
import { dataPlaces, readConfigFile } from "../experiment/config_file.ts";
import { prepareTraining } from "../experiment/experiment.ts";
import { optionsOf, readModel, readRecord, readRunConfig } from "../experiment/read_run.ts";
import { experimentSchema, type OptionsOfStage } from "../experiment/stage_table.ts";
import { loadSplits } from "../evaluate/run.ts";

/** A network with its data. */
export interface Subject {
  /** Name of the config. */
  readonly title: string;
  /** Description of the weights: "first weights". */
  readonly weights: string;
  readonly model: LoadedModel;
  /** Description of the loss in the table of losses. */
  readonly lossName: OptionsOfStage<"train">["loss"]["name"];
  readonly splits: Splits;
  /** Split of the sample if none is named. */
  readonly split: SplitName;
  /** Rows of the first batch; only before training. */
  readonly batch?: Uint32Array<ArrayBuffer>;
  /** Learning rate of the first step. */
  readonly rate: number;
  /** Stored evaluations of the network. */
  readonly evaluations: readonly Evaluation[];
  /** Returns the id of the explanation of a sample. */
  idOf(sample: { readonly split: SplitName; readonly row: number }): string;
}

interface Options extends Where {
  readonly set: readonly string[];
  readonly signal: AbortSignal;
}

/** Opens a config: its data, and its network with the first weights. */
export async function openConfig(path: string, { set, ...where }: Options): Promise<Subject> {
  const config = readConfigFile(path, set);
  const places = await dataPlaces(path, config);
  const { prepared, training } = await viewed(
    "usual",
    (view) => prepareTraining(config, { ...where, ...places, view }),
  );
  const { dataset, splits, normalization } = prepared;
  const { network, loss, seed, train } = training;
  const { shape, prepared: made, encoded } = train.samples;
  const identity: ExplainedModel = {
    config,
    schema: experimentSchema(),
    backend: "exact",
    data: dataset.hashes,
  };
  const order = permutation(key(seed, "shuffle", 0), train.rows.length);
  const batch = order.subarray(0, training.batchSize);
  return {
    title: config.name,
    weights: "first weights",
    model: {
      network,
      loss,
      parameters: initialValues(network, seed),
      shape,
      normalization,
      encoding: sourceOf(train, normalization).encoding,
      classes: dataset.classes,
      ...defined({
        preparation: made?.preparation,
        table: encoded,
        columns: dataset.columns,
      }),
    },
    lossName: optionsOf(config, "train", path).loss.name,
    splits,
    split: "train",
    batch: Uint32Array.from(batch, (place) => train.rows[place]),
    rate: firstRate(training.learningRate, train, training),
    evaluations: [],
    idOf: (sample) => explanationId(identity, sample),
  };
}

/** Opens a finished run: its data, and its network with the final weights. */
export async function openFinished(path: string, where: Where): Promise<Subject> {
  const configured = await readRunConfig(path);
  const { config } = configured;
  if (config.ensemble !== undefined) {
    throw new RangeError(
      `Cannot explain "${path}": expected a run with one network: received an ensemble: ` +
        "name one of its members",
    );
  }
  const train = optionsOf(config, "train", path);
  const model = trainedOf(await readModel(path), losses.create(train.loss));
  const splits = await loadSplits(path, configured, where);
  const { evaluations } = await readRecord(path);
  return {
    title: config.name,
    weights: `weights of ${basename(path)}`,
    model,
    lossName: train.loss.name,
    splits,
    split: splits.test !== undefined ? "test" : splits.validation ? "validation" : "train",
    rate: firstRate(schedules.create(train.learningRate), splits.train, train),
    evaluations,
    idOf: (sample) => explanationId(basename(path), sample),
  };
}

function firstRate(
  schedule: Schedule,
  { rows }: Split,
  { batchSize, epochs }: { readonly batchSize: number; readonly epochs: number },
): number {
  const { steps: stepsPerEpoch } = batchesOf(rows.length, batchSize);
  return schedule(1, { steps: epochs * stepsPerEpoch, stepsPerEpoch, scores: [] });
}
