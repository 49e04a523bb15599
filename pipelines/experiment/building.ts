/**
 * Builds the objects that a config names: a training with its network, loss and optimizer.
 *
 * @module
 */
import type { Dataset, Normalization, Split } from "../../lib/data/dataset.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import {
  augmentations,
  type ImageDeformations,
  imageDeformations,
} from "../../lib/data/augment/mod.ts";
import { type Layered, layers, losses, type Network, network } from "../../lib/nn/mod.ts";
import { sizeOf } from "../../lib/tensor/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { averagings, optimizers, schedules } from "../../lib/train/mod.ts";
import type { ExperimentConfig, OptionsOfStage } from "./stage_table.ts";
import { CLASSES } from "../../lib/nn/layers/units.ts";
import type { Prepared } from "./artifacts.ts";

/** Options of the stage "train". */
type TrainOptions = OptionsOfStage<"train">;

/** Replaces "classes", the default number of units of the last layer, by the number of classes. */
export function fillInClassCount(config: ExperimentConfig, classes: number): ExperimentConfig {
  const pipeline = config.pipeline.map((stage) => {
    if (stage.stage !== "train") return stage;
    const layers = stage.layers.map((layer) =>
      "units" in layer && layer.units === CLASSES ? { ...layer, units: classes } : layer
    );
    return { ...stage, layers };
  });
  return { ...config, pipeline };
}

/**
 * Adds to the stage "load" of a config the options that were detected while its data was read, such as
 * names of classes.
 */
export function fillInFoundOptions(
  config: ExperimentConfig,
  { found }: Pick<Dataset, "found">,
): ExperimentConfig {
  if (found === undefined) return config;
  const pipeline = config.pipeline.map((stage) => {
    if (stage.stage !== "load") return stage;
    // the schema orders the keys, so that the config is the same after it is written and read
    return { ...stage, dataset: datasets.schema.parse({ ...stage.dataset, ...found }) };
  });
  return { ...config, pipeline };
}

/** Augmentations as named in a config. */
export type NamedAugmentations = TrainOptions["augment"];

/**
 * Builds the options of a fit from a config's training stage and the prepared data.
 *
 * @throws {RangeError} if the last layer does not have one output for each class
 */
export function buildTraining(
  options: TrainOptions,
  { dataset, splits, normalization }: Prepared,
): Omit<FitOptions, "seed"> {
  const inputs = countInputs(splits.train.samples.shape, normalization);
  return {
    network: buildNetwork(options.layers, inputs, dataset.classes.length),
    loss: losses.create(options.loss),
    optimizer: optimizers.create(options.optimizer),
    learningRate: schedules.create(options.learningRate),
    epochs: options.epochs,
    batchSize: options.batchSize,
    deformations: buildAugmentations(options.augment, splits.train),
    regularization: options.regularization,
    adversarial: options.adversarial,
    clip: options.clip,
    accumulate: options.accumulate,
    shards: options.shards,
    averaging: options.averaging && averagings.create(options.averaging),
    validateEvery: options.validateEvery,
    earlyStopping: options.earlyStopping,
    best: options.best,
    normalization,
    ...splits,
  };
}

/**
 * Returns the number of inputs of a network: the number of features or, after a reduction, of components.
 */
function countInputs(shape: readonly number[], { reduction }: Normalization): number {
  return reduction === undefined ? sizeOf(shape) : reduction.scale.length;
}

/** Builds the augmentations of a config's training stage. Returns undefined if there are none. */
export function buildAugmentations(
  augment: NamedAugmentations,
  { samples }: Split,
): ImageDeformations | undefined {
  return imageDeformations((augment ?? []).map((named) => augmentations.create(named)), samples);
}

/**
 * Builds a network from layers of a config. Throws an error if its number of outputs is not the number of
 * classes.
 */
function buildNetwork(
  namedLayers: Layered["layers"],
  inputs: number,
  classes: number,
): ReturnType<typeof network> {
  const built = network(namedLayers.map((layer) => layers.create(layer)), inputs);
  if (built.outputs === classes) return built;
  throw new RangeError(
    `Cannot train: expected a last layer with ${classes} outputs, one for each class: ` +
      `received ${built.outputs}`,
  );
}

/** Returns the number of inputs of a network, followed by the number of units of each layer with weights. */
export function layerWidths({ inputs, parameters }: Network): readonly number[] {
  return [inputs, ...parameters.flatMap(({ shape: [, columns] }) => columns ?? [])];
}
