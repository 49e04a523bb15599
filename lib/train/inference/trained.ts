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

/** A trained network and what predictions need besides it. */
export interface Trained {
  /** The network. */
  readonly network: Network;
  /** How its output becomes probabilities. */
  readonly loss: Loss;
  /** Parameters by name, row-major. */
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Shape of one sample, for example [28, 28]. */
  readonly shape: readonly number[];
  /** How the features are made of the columns of a table, if they are not the columns themselves. */
  readonly table?: TableEncoding;
  /** What is done to the images that come before anything else; nothing if not given. */
  readonly preparation?: Preparation;
  /** What is done to each feature before the network sees it. */
  readonly normalization: Normalization;
  /** How the first layer reads its rows. */
  readonly encoding: Encoding;
}

/** Features of a sample that comes, before any reduction. */
export function featuresOf({ shape }: Trained): number {
  return sizeOf(shape);
}

/**
 * Returns a trained network with its batch normalizations folded into the dense layers before them, so
 * that predictions take less time; their last bits may differ. A network with a layer that no config can
 * name stays as it is.
 */
export function folded<Given extends Trained>(trained: Given): Given {
  const { layers: placed, inputs } = trained.network;
  const named = namedLayers(placed.map(({ layer }) => layer));
  if (named === undefined) return trained;
  const { layers: kept, values: parameters } = foldBatchNorm({
    layers: named as Layered["layers"],
    values: trained.parameters,
  });
  return { ...trained, parameters, network: network(kept.map(layers.create), inputs) };
}
