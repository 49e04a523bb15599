/**
 * Losses: how far the network's output is from the truth.
 *
 * @module
 */

import { type Registry, registry } from "../../config/registry.ts";
import { softmaxCrossEntropyEntry } from "./softmax_cross_entropy.ts";

export type { Loss } from "./loss.ts";
export {
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
} from "./softmax_cross_entropy.ts";

/** The entries by name. */
export const lossTable = { softmaxCrossEntropy: softmaxCrossEntropyEntry };

/** Losses by their names in a config. */
export const losses: Registry<typeof lossTable> = registry("loss", lossTable);
