/**
 * Layers, one file each.
 *
 * @module
 */
import { type Entry, type Registry, registry, type Tagged } from "../../config/registry.ts";
import type { Layer } from "./layer.ts";
import type { ResidualOptions } from "./residual.ts";
import { batchNormEntry } from "./batch_norm.ts";
import { denseEntry } from "./dense.ts";
import { dropoutEntry } from "./dropout.ts";
import { eluEntry } from "./elu.ts";
import { gaussianNoiseEntry } from "./gaussian_noise.ts";
import { geluEntry } from "./gelu.ts";
import { layerNormEntry } from "./layer_norm.ts";
import { leakyReluEntry } from "./leaky_relu.ts";
import { maxoutEntry } from "./maxout.ts";
import { reluEntry } from "./relu.ts";
import { residualEntry } from "./residual.ts";
import { sigmoidEntry } from "./sigmoid.ts";
import { siluEntry } from "./silu.ts";
import { softplusEntry } from "./softplus.ts";
import { tanhEntry } from "./tanh.ts";

export type {
  Layer,
  LayerContext,
  LayerTraining,
  ParameterSpec,
  Regularization,
  StateSpec,
  Tensors,
  UnitScaling,
  ValueOf,
} from "./layer.ts";
export { namedLayers } from "./layer.ts";
export { regularizationSchema } from "./regularization.ts";
export {
  batchNorm,
  batchNormBackward,
  batchNormForward,
  type BatchNormOptions,
  type BatchStatistics,
} from "./batch_norm.ts";
export {
  dense,
  denseBackward,
  denseForward,
  type DenseOptions,
  type DenseParams,
} from "./dense.ts";
export { dropout, dropoutBackward, dropoutForward, type DropoutOptions } from "./dropout.ts";
export { type Elementwise, elementwiseLayer } from "./elementwise.ts";
export { elu, eluBackward, eluForward, type EluOptions } from "./elu.ts";
export {
  gaussianNoise,
  gaussianNoiseForward,
  type GaussianNoiseOptions,
} from "./gaussian_noise.ts";
export { gelu, geluBackward, geluForward, type GeluOptions } from "./gelu.ts";
export {
  layerNorm,
  layerNormBackward,
  layerNormForward,
  type LayerNormOptions,
} from "./layer_norm.ts";
export { affineParameters, type AffineParams } from "./affine.ts";
export {
  leakyRelu,
  leakyReluBackward,
  leakyReluForward,
  type LeakyReluOptions,
} from "./leaky_relu.ts";
export { maxout, maxoutBackward, maxoutForward, type MaxoutOptions } from "./maxout.ts";
export { relu, reluBackward, reluForward } from "./relu.ts";
export { residual, type ResidualOptions } from "./residual.ts";
export { sigmoid, sigmoidBackward, sigmoidForward } from "./sigmoid.ts";
export { silu, siluBackward, siluForward } from "./silu.ts";
export { softplus, softplusBackward, softplusForward, type SoftplusOptions } from "./softplus.ts";
export { tanh, tanhBackward, tanhForward } from "./tanh.ts";

/** Entries of layers by name, except blocks of layers. */
export const singleLayerTable = {
  dense: denseEntry,
  maxout: maxoutEntry,
  relu: reluEntry,
  leakyRelu: leakyReluEntry,
  elu: eluEntry,
  gelu: geluEntry,
  silu: siluEntry,
  tanh: tanhEntry,
  sigmoid: sigmoidEntry,
  softplus: softplusEntry,
  batchNorm: batchNormEntry,
  layerNorm: layerNormEntry,
  dropout: dropoutEntry,
  gaussianNoise: gaussianNoiseEntry,
};

/** Layers that a block may contain, by their names in configs. */
export const singleLayers: Registry<typeof singleLayerTable> = registry("layer", singleLayerTable);

/** Entries of layers by name. */
export const layerTable: typeof singleLayerTable & {
  readonly residual: Entry<ResidualOptions<Tagged<"name", typeof singleLayerTable>>, Layer>;
} = { ...singleLayerTable, residual: residualEntry(singleLayers) };

/** Layers by their names in a config. */
export const layers: Registry<typeof layerTable> = registry("layer", layerTable);
