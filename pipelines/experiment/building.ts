/**
 * Builds a training from its config: the network, loss, optimizer and other objects that the config names.
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

/**
 * Returns a config in which the number of units "classes", the default of the last layer, is replaced by the
 * number of classes.
 */
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
 * Returns a config with the options that were detected while its data was read, such as names of classes,
 * added to the stage "load". `found` are these options; if undefined, the config is returned unchanged.
 */
export function fillInDetectedOptions(
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

/** Augmentations of training images by their names and options in a config; undefined for none. */
export type NamedAugmentations = TrainOptions["augment"];

/**
 * Builds the options of `fit()`, all but the seed, from the options of the stage "train" and the prepared
 * data.
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
 * Returns the number of inputs of a network for samples of a shape: the number of features or, if the
 * normalization has a reduction, of components.
 */
function countInputs(shape: readonly number[], { reduction }: Normalization): number {
  return reduction === undefined ? sizeOf(shape) : reduction.scale.length;
}

/** Builds the augmentations of a split's images. Returns undefined if the config names none. */
export function buildAugmentations(
  augment: NamedAugmentations,
  { samples }: Split,
): ImageDeformations | undefined {
  return imageDeformations((augment ?? []).map((named) => augmentations.create(named)), samples);
}

/**
 * Builds a network from the layers of a config.
 *
 * @param inputs number of inputs
 * @param classes number of classes
 * @throws {RangeError} if the number of outputs is not the number of classes
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

/**
 * Returns the number of inputs of a network, followed by the number of columns of each weight matrix, as in
 * [784, 30, 10].
 */
export function layerWidths({ inputs, parameters }: Network): readonly number[] {
  return [inputs, ...parameters.flatMap(({ shape: [, columns] }) => columns ?? [])];
}
