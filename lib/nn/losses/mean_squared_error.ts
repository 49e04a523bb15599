/**
 * Mean squared error of the network's output against one-hot labels (Bishop, "Pattern recognition and
 * machine learning", 2006, section 4.1.3: least squares for classification).
 *
 *     forward    loss = Σ (z − y)² / classes            sum over the classes;  y one-hot
 *     backward   dz   = 2 (z − y) / (classes batch)     gradient of the mean loss
 *
 *     z, y, dz [batch, classes]   labels integer [batch]   loss [batch]
 *
 * The mean over the batch is PyTorch's MSELoss of the whole matrix; there is no factor ½.
 *
 * @module
 */
import { type Entry, entry } from "../../config/registry.ts";
import { dimension, div, mul, sub, sum, type Tensor } from "../../tensor/mod.ts";
import type { Loss } from "./loss.ts";
import { oneHot } from "./one_hot.ts";
import { softmax } from "./softmax.ts";

/** Computes the loss of each sample [batch] from outputs [batch, classes] and labels, integer [batch]. */
export function meanSquaredErrorForward(outputs: Tensor, labels: Tensor): Tensor {
  const classes = dimension(outputs, 1);
  const error = sub(outputs, oneHot(labels, classes));
  return div(sum(mul(error, error), "columns"), classes);
}

/**
 * Computes the gradient of the mean loss over the batch with respect to the outputs [batch, classes].
 *
 * @param samples number of samples over which the mean is computed. Defaults to the number of rows of the
 *   outputs
 */
export function meanSquaredErrorBackward(
  outputs: Tensor,
  labels: Tensor,
  samples: number = dimension(outputs, 0),
): Tensor {
  const classes = dimension(outputs, 1);
  return mul(sub(outputs, oneHot(labels, classes)), 2 / (classes * samples));
}

/** Returns the mean squared error against one-hot labels. */
export function meanSquaredError(): Loss {
  return {
    probabilities: softmax,
    forward: (outputs, labels) => ({
      loss: meanSquaredErrorForward(outputs, labels),
      probabilities: softmax(outputs),
    }),
    backward: meanSquaredErrorBackward,
  };
}

export const meanSquaredErrorEntry: Entry<Record<string, never>, Loss> = entry({
  doc: "Squared distance from the one-hot label, averaged over the classes",
  create: meanSquaredError,
});
