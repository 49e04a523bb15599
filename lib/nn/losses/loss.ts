/**
 * The interface of losses.
 *
 * @module
 */
import type { Tensor } from "../../tensor/mod.ts";

/** A loss for classification, as pure functions; labels are classes, integer [batch]. */
export interface Loss {
  /**
   * Computes the probability of each class [batch, classes] as the softmax of the network's output [batch,
   * classes]. So the most probable class is that of the largest output. Only with cross-entropy do the
   * probabilities estimate how often a class is right; with other losses they only rank the classes.
   */
  probabilities(logits: Tensor): Tensor;
  /** Computes the loss of each sample [batch], and the probability of each class [batch, classes]. */
  forward(
    logits: Tensor,
    labels: Tensor,
  ): { readonly loss: Tensor; readonly probabilities: Tensor };
  /**
   * Computes the gradient of the mean loss over the batch with respect to the logits [batch, classes]. If the
   * logits are those of a part of a batch, `samples` is the number of samples in the whole batch.
   */
  backward(logits: Tensor, labels: Tensor, samples?: number): Tensor;
}
