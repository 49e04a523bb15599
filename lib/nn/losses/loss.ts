import type { Tensor } from "../../tensor/mod.ts";

/** A loss of classification, as a pair of pure functions; labels are classes, integer [batch]. */
export interface Loss {
  /**
   * Probability of each class [batch, classes], of the network's output [batch, classes]: its softmax, so
   * the most probable class is that of the largest output. Only of a cross-entropy it is an estimate of
   * how often a class is the right one; of other losses it merely ranks the classes.
   */
  probabilities(logits: Tensor): Tensor;
  /** Loss of each sample [batch] and the probabilities it follows from. */
  forward(
    logits: Tensor,
    labels: Tensor,
  ): { readonly loss: Tensor; readonly probabilities: Tensor };
  /** Gradient of the mean loss over the batch with respect to the logits [batch, classes]. */
  backward(logits: Tensor, labels: Tensor): Tensor;
}
