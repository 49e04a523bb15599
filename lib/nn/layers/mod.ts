/**
 * Layers of a network.
 *
 * @module
 */

import { type Registry, registry } from "../../config/registry.ts";
import { denseEntry } from "./dense.ts";
import { reluEntry } from "./relu.ts";

export type {
  Layer,
  LayerContext,
  LayerTraining,
  ParameterSpec,
  Regularization,
  StateSpec,
  Tensors,
} from "./layer.ts";
export { regularizationSchema } from "./regularization.ts";
export {
  dense,
  denseBackward,
  denseForward,
  type DenseOptions,
  type DenseParams,
} from "./dense.ts";
export { relu, reluBackward, reluForward } from "./relu.ts";

/** The entries by name. */
export const layerTable = { dense: denseEntry, relu: reluEntry };

/** Layers by their names in a config. */
export const layers: Registry<typeof layerTable> = registry("layer", layerTable);
