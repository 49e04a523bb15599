/**
 * Trained networks as files: model.safetensors, with all that predictions need.
 *
 * @module
 */
import { defined } from "../../config/defined.ts";
import { encodedNames } from "../../data/encode/encoding.ts";
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

/** Names that predictions need and training does not. */
export interface ModelNames {
  /** Names of the classes, in the order of the outputs. */
  readonly classes: readonly string[];
  /** Names of the features, if they have some. */
  readonly columns?: readonly string[] | undefined;
}

/** A trained network that was read from a file, with its names. */
export type LoadedModel = Trained & ModelNames;

/** Options of {@linkcode loadModel}. */
export interface LoadModelOptions {
  /**
   * The loss of an evaluation, which no model contains; the predictions do not depend on it. Defaults to
   * `softmaxCrossEntropy()`.
   */
  readonly loss?: Loss;
  /** Name of the file, for messages. Defaults to "model.safetensors". */
  readonly file?: string;
}

/**
 * Encodes a trained network as a safetensors file, which {@linkcode loadModel}, NumPy and others read. Equal
 * networks give equal bytes.
 *
 * @throws {RangeError} if there is not one class for each output
 * @throws {TypeError} if a layer is none of those that a config can name
 */
export function saveModel(trained: Trained, names: ModelNames): Uint8Array<ArrayBuffer> {
  return encodeModel(modelOf(trained, names));
}

/**
 * Decodes a trained network, with all parameters bit for bit as {@linkcode saveModel} was given them.
 *
 * @param bytes what `saveModel` returned, or the file model.safetensors of a run
 * @throws {SyntaxError} if the bytes are no model
 */
export function loadModel(bytes: Uint8Array, options: LoadModelOptions = {}): LoadedModel {
  const { loss = softmaxCrossEntropy(), file } = options;
  return trainedOf(decodeModel(bytes, file), loss);
}

/** Returns a trained network in the form in which it is stored. */
export function modelOf(trained: Trained, { classes, columns }: ModelNames): Model {
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
      columns: trained.table === undefined ? columns : encodedNames(trained.table),
      table: trained.table,
    }),
  };
}

/** Returns a stored network as predictions and evaluations take it. */
export function trainedOf(model: Model, loss: Loss): LoadedModel {
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
