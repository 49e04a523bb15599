/**
 * Saves and loads trained networks as files: model.safetensors, with everything that predictions need.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { encodedFeatureNames } from "../../data/encode/encoding.ts";
import {
  type Layered,
  layers,
  type Loss,
  namedLayers,
  network,
  softmaxCrossEntropy,
} from "../../nn/mod.ts";
import { decodeModel, encodeModel, type Model } from "../../run/model.ts";
import { sizeOf } from "../../tensor/mod.ts";
import type { Trained } from "./trained.ts";

/** Names of a model's classes and features. */
export interface ModelNames {
  /** Names of the classes, in the order of the outputs. */
  readonly classes: readonly string[];
  /** Names of the features, in order. Defaults to none. */
  readonly columns?: readonly string[] | undefined;
}

/** A trained network that was loaded from a file, with the names of its classes and features. */
export type LoadedModel = Trained & ModelNames;

/** Options of {@linkcode loadModel}. */
export interface LoadModelOptions {
  /**
   * Loss of evaluations, which also converts outputs to probabilities. Model files do not contain it.
   * Defaults to `softmaxCrossEntropy()`.
   */
  readonly loss?: Loss;
  /** Name of the file in error messages. Defaults to "model.safetensors". */
  readonly file?: string;
}

/**
 * Encodes a trained network as a safetensors file. {@linkcode loadModel} reads it, and so do other programs
 * through the safetensors library. Equal networks give equal bytes.
 *
 * @throws {RangeError} if the number of classes is not the number of outputs
 * @throws {TypeError} if the network has a layer that configs cannot name
 */
export function saveModel(trained: Trained, names: ModelNames): Uint8Array<ArrayBuffer> {
  return encodeModel(trainedToModel(trained, names));
}

/**
 * Decodes a trained network. All parameters have the bits that {@linkcode saveModel} encoded.
 *
 * @param bytes the result of `saveModel`, or the file model.safetensors of a run
 * @throws {SyntaxError} if the bytes are not a model
 */
export function loadModel(bytes: Uint8Array, options: LoadModelOptions = {}): LoadedModel {
  const { loss = softmaxCrossEntropy(), file } = options;
  return modelToTrained(decodeModel(bytes, file), loss);
}

/** Converts a trained network to the content of a model file. Throws as {@linkcode saveModel} does. */
export function trainedToModel(trained: Trained, { classes, columns }: ModelNames): Model {
  const { network: { layers: placed, outputs }, parameters, normalization, encoding } = trained;
  if (classes.length !== outputs) {
    throw new RangeError(
      `Cannot save a model: expected ${outputs} classes, one for each output: ` +
        `received ${classes.length}`,
    );
  }
  const named = namedLayers(placed.map(({ layer }) => layer));
  if (named === undefined) {
    const kinds = placed.map(({ layer: { kind } }) => `"${kind}"`).join(", ");
    throw new TypeError(
      `Cannot save a model: expected layers that a config can name, ` +
        `${layers.names.join(", ")}: received ${kinds}`,
    );
  }
  return {
    parameters,
    layers: named,
    classes,
    shape: trained.shape,
    ...defined({ preparation: trained.preparation?.methods }),
    normalization,
    encoding,
    ...defined({
      columns: trained.table === undefined ? columns : encodedFeatureNames(trained.table),
      table: trained.table,
    }),
  };
}

/** Converts the decoded content of a model file to a trained network. */
export function modelToTrained(model: Model, loss: Loss): LoadedModel {
  const { parameters, classes, columns, table, shape, preparation, normalization, encoding } =
    model;
  const inputs = normalization.reduction?.scale.length ?? sizeOf(shape);
  const named = model.layers as Layered["layers"]; // as decodeModel() has checked
  return {
    network: network(named.map(layers.create), inputs),
    loss,
    parameters,
    normalization,
    encoding,
    shape,
    classes,
    ...defined({ columns, table, preparation: preparation && { shape, methods: preparation } }),
  };
}
