/**
 * Losses of classification, one file each.
 *
 * @module
 */
import { type Registry, registry } from "../../config/registry.ts";
import { focalEntry } from "./focal.ts";
import { hingeEntry } from "./hinge.ts";
import { meanSquaredErrorEntry } from "./mean_squared_error.ts";
import { softmaxCrossEntropyEntry } from "./softmax_cross_entropy.ts";

export type { Loss } from "./loss.ts";
export { type ClassWeights, oneHot } from "./one_hot.ts";
export { focal, focalBackward, focalForward, type FocalOptions } from "./focal.ts";
export { hinge, hingeBackward, hingeForward, type HingeOptions } from "./hinge.ts";
export {
  meanSquaredError,
  meanSquaredErrorBackward,
  meanSquaredErrorForward,
} from "./mean_squared_error.ts";
export { softmax } from "./softmax.ts";
export {
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
  type SoftmaxCrossEntropyOptions,
} from "./softmax_cross_entropy.ts";

/** Entries of losses by name. */
export const lossTable = {
  softmaxCrossEntropy: softmaxCrossEntropyEntry,
  meanSquaredError: meanSquaredErrorEntry,
  hinge: hingeEntry,
  focal: focalEntry,
};

/** Losses by their names in a config. */
export const losses: Registry<typeof lossTable> = registry("loss", lossTable);
