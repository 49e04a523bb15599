/**
 * Trained networks, in the form that prediction, evaluation and model files share.
 *
 * @module
 */
import type { Normalization, TableEncoding } from "../../data/dataset.ts";
import type { Preparation } from "../../data/prepare/mod.ts";
import {
  foldBatchNorm,
  type Layered,
  layers,
  type Loss,
  namedLayers,
  type Network,
  network,
} from "../../nn/mod.ts";
import { type Encoding, sizeOf } from "../../tensor/mod.ts";
import type { ParameterValue } from "../state.ts";

/** A trained network with everything that predictions need. */
export interface Trained {
  /** The network. */
  readonly network: Network;
  /** Loss, which also converts outputs to probabilities. */
  readonly loss: Loss;
  /** Parameters and layer states by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** Encoding of a table's columns as features. Defaults to none: features are used as they are. */
  readonly table?: TableEncoding;
  /** Preprocessing of raw images. Defaults to none. */
  readonly preparation?: Preparation;
  /** Normalization of each feature before the network, and reduction if any. */
  readonly normalization: Normalization;
  /** Encoding of the rows that the first layer reads. */
  readonly encoding: Encoding;
}

/** Returns the number of features of a sample before preprocessing, normalization and reduction. */
export function rawFeatureCount({ shape }: Trained): number {
  return sizeOf(shape);
}

/**
 * Folds batch normalizations into the dense layers before them, which makes predictions faster and may change
 * their last bits. A network with a layer that configs cannot name is returned unchanged.
 */
export function foldForPrediction<T extends Trained>(trained: T): T {
  const { layers: placed, inputs } = trained.network;
  const named = namedLayers(placed.map(({ layer }) => layer));
  if (named === undefined) return trained;
  const { layers: kept, values: parameters } = foldBatchNorm({
    layers: named as Layered["layers"],
    values: trained.parameters,
  });
  return { ...trained, parameters, network: network(kept.map(layers.create), inputs) };
}
