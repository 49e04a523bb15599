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
import { computeInitialValues } from "../../lib/analysis/explain/model_inputs.ts";
import { defined } from "../../lib/config/defined.ts";
import { losses } from "../../lib/nn/mod.ts";
import type { Network } from "../../lib/nn/mod.ts";
import type { Update } from "../../lib/analysis/explain/update.ts";
import type { Clip } from "../../lib/optim/clip.ts";
import { updateGroups, type UpdateRule } from "../../lib/optim/parameter_groups.ts";
import { emptyHistory, type History } from "../../lib/run/checkpoint.ts";
import {
  type ExplainedModel,
  type ExplainedSample,
  explanationId,
} from "../../lib/run/identity.ts";
import { key, permutation } from "../../lib/tensor/mod.ts";
import { divideIntoBatches } from "../../lib/train/batches.ts";
import { optimizers, schedules } from "../../lib/train/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { createStepSettings } from "../../lib/train/settings.ts";
import { parametersOf, type ParameterValue } from "../../lib/train/state.ts";
import { divideIntoUpdates } from "../../lib/train/step/accumulate.ts";
import { averageName, parametersName } from "../../lib/train/step/options.ts";
import { type LoadedModel, modelToTrained } from "../../lib/train/inference/model.ts";
import { storeSplitFeatures } from "../../lib/train/programs.ts";
import type { FoldersAndWorkers } from "../cli/options.ts";
import { runWithView } from "../cli/view.ts";
import { dataSearchLocations, readConfigFile } from "../experiment/config_file.ts";
import { prepareTraining } from "../experiment/experiment.ts";
import { type Checkpoints, readCheckpoints } from "../experiment/origin.ts";
import { readModel, readRecord, readRunConfig, stageOptionsOf } from "../experiment/read_run.ts";
import { experimentSchema, type OptionsOfStage } from "../experiment/stage_table.ts";
import { loadSplits } from "../evaluate/run.ts";

/** The network that is explained, with its data and the next update of its training. */
export interface Subject {
  /** Name in the config. */
  readonly title: string;
  /** Description of the network's weights, for titles: "first weights". */
  readonly weights: string;
  readonly model: LoadedModel;
  /** Name of the loss. */
  readonly lossName: OptionsOfStage<"train">["loss"]["name"];
  readonly splits: Splits;
  /** Default split of the sample to explain. */
  readonly split: SplitName;
  /** Row numbers, in the training data, of the first batch. Missing for a finished run. */
  readonly batch?: Uint32Array<ArrayBuffer>;
  /** The update of the parameters that is explained. */
  readonly update: Update;
  /** Evaluations of the finished run; empty for a config. */
  readonly evaluations: readonly Evaluation[];
  /** Returns the id of the explanation of a sample, with which its folder's name ends. */
  idOf(sample: ExplainedSample): string;
}

/** Options with which a finished run is opened. */
interface FinishedOptions extends FoldersAndWorkers {
  /** Update to explain: of plain gradient descent ("sgd"), or of the training's own optimizer ("own"). */
  readonly update: ExplainedSample["update"];
}

/** Options with which a config is opened. */
interface ConfigOptions extends FinishedOptions {
  /** Overrides of the config: "train.epochs=3". */
  readonly set: readonly string[];
  readonly signal: AbortSignal;
}

/** Opens the config at a path: loads its data and builds its network with the initial weights. */
export async function openConfig(
  path: string,
  { set, update, ...where }: ConfigOptions,
): Promise<Subject> {
  const config = readConfigFile(path, set);
  const places = await dataSearchLocations(path, config);
  const { prepared, training } = await runWithView(
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
  const { optimizer: named, loss: { name: lossName } } = stageOptionsOf(config, "train", path);
  const order = permutation(key(seed, "shuffle", 0), train.rows.length);
  const batch = order.subarray(0, training.batchSize);
  return {
    title: config.name,
    weights: "first weights",
    model: {
      network,
      loss,
      parameters: computeInitialValues(network, seed),
      shape,
      normalization,
      encoding: storeSplitFeatures(train, normalization).encoding,
      classes: dataset.classes,
      ...defined({
        preparation: made?.preparation,
        table: encoded,
        columns: dataset.columns,
      }),
    },
    lossName,
    splits,
    split: "train",
    batch: Uint32Array.from(batch, (place) => train.rows[place]),
    update: update === "sgd"
      ? { rate: learningRateOfFirstStep(training, train) }
      : nextUpdate(network, { ...training, name: named.name }, train),
    evaluations: [],
    idOf: (sample) => explanationId(identity, sample),
  };
}

/**
 * Opens the finished run at a path: loads its data and its network with the final weights.
 *
 * @throws {RangeError} if the run is an ensemble
 */
export async function openFinished(
  path: string,
  { update, ...where }: FinishedOptions,
): Promise<Subject> {
  const configured = await readRunConfig(path);
  const { config } = configured;
  if (config.ensemble !== undefined) {
    throw new RangeError(
      `Cannot explain "${path}": expected a run with one network: received an ensemble: ` +
        "name one of its members",
    );
  }
  const train = stageOptionsOf(config, "train", path);
  const { learningRate, optimizer, ...options } = train;
  const training: UpdateOptions = {
    ...options,
    learningRate: schedules.create(learningRate),
    optimizer: optimizers.create(optimizer),
    averaging: undefined,
    name: optimizer.name,
  };
  const model = modelToTrained(await readModel(path), losses.create(train.loss));
  const splits = await loadSplits(path, configured, where);
  const { evaluations } = await readRecord(path);
  return {
    title: config.name,
    weights: `weights of ${basename(path)}`,
    model,
    lossName: train.loss.name,
    splits,
    split: splits.test !== undefined ? "test" : splits.validation ? "validation" : "train",
    update: update === "sgd"
      ? { rate: learningRateOfFirstStep(training, splits.train) }
      : nextUpdate(model.network, training, splits.train, {
        ...await readCheckpoints(path, configured.manifest),
        model,
      }),
    evaluations,
    idOf: (sample) => explanationId(basename(path), sample),
  };
}

/** The options of a training that determine its updates. */
interface UpdateOptions extends UpdateRule, RateOptions {
  /** Name of the optimizer. */
  readonly name: typeof optimizers.names[number];
  /** Limits of the gradient. Defaults to none. */
  readonly clip?: Clip | undefined;
}

/** The options of a training that determine its learning rates. */
type RateOptions = Pick<
  FitOptions,
  "batchSize" | "epochs" | "learningRate" | "accumulate" | "averaging"
>;

/**
 * Returns the learning rate of a step of a training, and the number of the update to which the step belongs.
 * Schedules may depend on the history of earlier steps.
 *
 * @param split training split
 */
function learningRateOfStep(
  training: RateOptions,
  { rows }: Split,
  { step, history }: { readonly step: number; readonly history: History },
): { readonly rate: number; readonly update: number } {
  const { batchSize, accumulate = 1 } = training;
  const updates = divideIntoUpdates(
    divideIntoBatches(rows.length, Math.min(batchSize, rows.length)),
    accumulate,
  );
  const settings = createStepSettings({ updates }, training, () => ({ history }));
  return { rate: settings.rateOf(step), update: updates.numberOf(step) };
}

/** Returns the learning rate of a training's first step; `train` is the training split. */
function learningRateOfFirstStep(training: RateOptions, train: Split): number {
  return learningRateOfStep(training, train, { step: 1, history: emptyHistory() }).rate;
}

/**
 * Returns the next update of a training by the training's own optimizer. Without `finished`, it is the
 * first update. Otherwise it is the update after a checkpoint of the finished run, with the learning rate
 * of the step at which the checkpoint was written: the checkpoint that has the model's parameters, or their
 * averages, or else the last.
 *
 * @param train training split
 * @param finished checkpoints and model of the finished run
 */
function nextUpdate(
  network: Network,
  training: UpdateOptions,
  train: Split,
  finished?: Checkpoints & { readonly model: LoadedModel },
): Update {
  const { name, clip = {} } = training;
  const groups = updateGroups(network, training);
  const { doc } = optimizers.get(name);
  const own = { name, groups, clip };
  if (finished === undefined) {
    const { rate, update: step } = learningRateOfStep(training, train, {
      step: 1,
      history: emptyHistory(),
    });
    return { rate, own: { ...own, doc, step } };
  }
  const { last, best, model } = finished;
  const states = [last, ...(best === undefined ? [] : [best])];
  const withModel = (named: (name: string) => string) =>
    states.find(({ state }) =>
      groups.every((group) => state.has(named(parametersName(group)))) &&
      hasParameters(model, parametersOf({ network, groups }, state, named))
    );
  const exact = withModel((name) => name);
  const chosen = exact ?? withModel(averageName) ?? last;
  const { position: { step }, history, state } = chosen;
  const { rate, update } = learningRateOfStep(training, train, { step, history });
  const note = exact === undefined
    ? `; the weights are averages over steps, and the slots those after step ${step}`
    : "";
  return { rate, own: { ...own, doc: doc + note, step: update + 1, state } };
}

/** Returns whether all of some parameters equal, number by number, those of the same names in a model. */
function hasParameters(
  model: LoadedModel,
  parameters: ReadonlyMap<string, ParameterValue>,
): boolean {
  return [...parameters].every(([name, { data }]) =>
    data.every((each, index) => each === model.parameters.get(name)?.data[index])
  );
}
