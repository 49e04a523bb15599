/**
 * Cross-entropy of the softmax of the network's output.
 *
 *     forward    p    = exp(z − m) / s      m = max of the row of z,  s = Σ exp(z − m) over the row
 *                loss = log s − (z − m) at the label, which is −log p there
 *     backward   dz   = (p − y) / batch     y = 1 at the label, else 0: gradient of the mean loss
 *
 *     z, p, dz [batch, classes]   labels integer [batch]   m, s, loss [batch]
 *
 * Loss and gradient are Bishop's ("Pattern recognition and machine learning", 2006, equations 4.108
 * and 4.109), over the batch. Without the maximum taken off, exp would overflow at large logits; with it, s lies between 1 and
 * the number of classes, so the logarithm is safe and the loss keeps its digits when p is tiny.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry } from "../../config/registry.ts";
import {
  columnIndex,
  dimension,
  div,
  equalInteger,
  everyColumn,
  exp,
  log,
  maxColumns,
  pick,
  select,
  sub,
  sumColumns,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Loss } from "./loss.ts";

/** z − m, its exponential and the sum of that over each row. */
function exponentials(logits: Tensor) {
  const classes = dimension(logits, 1);
  const shifted = sub(logits, everyColumn(maxColumns(logits), classes));
  const powers = exp(shifted);
  return { shifted, powers, sums: sumColumns(powers) };
}

/** Softmax of each row of the logits [batch, classes]. */
export function softmax(logits: Tensor): Tensor {
  const { powers, sums } = exponentials(logits);
  return div(powers, everyColumn(sums, dimension(logits, 1)));
}

/** Loss of each sample in nats [batch], and the probabilities [batch, classes]. */
export function softmaxCrossEntropyForward(
  logits: Tensor,
  labels: Tensor,
): { readonly loss: Tensor; readonly probabilities: Tensor } {
  const { shifted, sums } = exponentials(logits);
  return { loss: sub(log(sums), pick(shifted, labels)), probabilities: softmax(logits) };
}

/** Gradient of the mean loss over the batch with respect to the logits [batch, classes]. */
export function softmaxCrossEntropyBackward(logits: Tensor, labels: Tensor): Tensor {
  const [batch, classes] = [dimension(logits, 0), dimension(logits, 1)];
  const atLabel = equalInteger(columnIndex(logits.shape), everyColumn(labels, classes));
  return div(sub(softmax(logits), select(atLabel, 1, 0)), batch);
}

/** Cross-entropy of the softmax. */
export function softmaxCrossEntropy(): Loss {
  return {
    probabilities: softmax,
    forward: softmaxCrossEntropyForward,
    backward: softmaxCrossEntropyBackward,
  };
}

/** Registry entry of {@linkcode softmaxCrossEntropy}. */
export const softmaxCrossEntropyEntry: Entry<Record<string, never>, Loss> = entry({
  doc: "Cross-entropy of the softmax of the output, in nats: for one class a sample",
  options: z.strictObject({}),
  create: softmaxCrossEntropy,
});
