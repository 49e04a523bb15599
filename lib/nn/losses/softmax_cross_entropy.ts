/**
 * Cross-entropy of the softmax of the network's output.
 *
 *     forward    p    = softmax of z, see `softmax.ts`, with its m and s
 *                loss = log s − (z − m) at the label, which is −log p there
 *     backward   dz   = (p − y) / batch     y = 1 at the label, else 0: gradient of the mean loss
 *
 *     z, p, dz [batch, classes]   labels integer [batch]   m, s, loss [batch]
 *
 * Loss and gradient are Bishop's ("Pattern recognition and machine learning", 2006, equations 4.108 and
 * 4.109), as means over the batch. s lies between 1 and the number of classes, so the logarithm is finite,
 * and the loss is accurate when p is tiny.
 *
 * With label smoothing ε (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna, "Rethinking the Inception
 * architecture for computer vision", CVPR 2016, section 7) and a weight w for each class, every class has a
 * target t, as in PyTorch's CrossEntropyLoss:
 *
 *     t    = (1 − ε) w y + ε w / classes
 *     loss = Σ t (log s − (z − m))          dz = (p Σ t − t) / batch       sums over the classes
 *
 * The mean loss is the sum divided by the number of samples. PyTorch's reduction "mean" divides by the sum of
 * the samples' weights instead.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  broadcastColumn,
  broadcastRow,
  dimension,
  div,
  gatherColumns,
  log,
  mul,
  select,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";
import type { Loss } from "./loss.ts";
import {
  type ClassWeights,
  classWeightsSchema,
  expectClassWeights,
  labelMask,
  oneHot,
  weightVector,
} from "./one_hot.ts";
import { shiftedExponentials, softmax } from "./softmax.ts";

/** Options of the cross-entropy. */
export interface SoftmaxCrossEntropyOptions extends ClassWeights {
  /** ε: fraction of each target that is spread evenly over all classes. */
  readonly labelSmoothing?: number | undefined;
}

const options = z.strictObject({
  labelSmoothing: z.number().min(0).lt(1).optional()
    .describe("part of the target that is spread evenly over all classes"),
  classWeights: classWeightsSchema,
});

/**
 * Computes the loss of each sample in nats [batch] and the probabilities [batch, classes] from logits [batch, classes] and
 * labels, integer [batch].
 */
export function softmaxCrossEntropyForward(
  logits: Tensor,
  labels: Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): { readonly loss: Tensor; readonly probabilities: Tensor } {
  const { shifted, sums } = shiftedExponentials(logits);
  const probabilities = softmax(logits);
  const t = smoothedTargets(logits, labels, options);
  if (t === undefined) {
    return { loss: sub(log(sums), gatherColumns(shifted, labels)), probabilities };
  }
  const surprises = sub(broadcastColumn(log(sums), dimension(logits, 1)), shifted);
  return { loss: sum(mul(t, surprises), "columns"), probabilities };
}

/**
 * Computes the gradient of the mean loss over the batch with respect to the logits [batch, classes].
 *
 * @param samples number of samples over which the mean is computed. Defaults to the number of rows of the
 *   logits
 */
export function softmaxCrossEntropyBackward(
  logits: Tensor,
  labels: Tensor,
  options: SoftmaxCrossEntropyOptions = {},
  samples: number = dimension(logits, 0),
): Tensor {
  const classes = dimension(logits, 1);
  const p = softmax(logits);
  const t = smoothedTargets(logits, labels, options);
  if (t === undefined) return div(sub(p, oneHot(labels, classes)), samples);
  return div(sub(mul(p, broadcastColumn(sum(t, "columns"), classes)), t), samples);
}

/**
 * Computes the targets of label smoothing and class weights [batch, classes]; undefined if they are one-hot
 * labels.
 */
function smoothedTargets(
  logits: Tensor,
  labels: Tensor,
  { labelSmoothing = 0, classWeights }: SoftmaxCrossEntropyOptions,
): Tensor | undefined {
  if (labelSmoothing === 0 && classWeights === undefined) return undefined;
  const [batch, classes] = [dimension(logits, 0), dimension(logits, 1)];
  expectClassWeights(classWeights, classes);
  const share = labelSmoothing / classes;
  const smoothed = select(labelMask(labels, classes), 1 - labelSmoothing + share, share);
  if (classWeights === undefined) return smoothed;
  return mul(smoothed, broadcastRow(weightVector(classWeights), batch));
}

/** Returns the cross-entropy of the softmax. */
export function softmaxCrossEntropy(overrides: SoftmaxCrossEntropyOptions = {}): Loss {
  const checked = withDefaults(options, overrides);
  return {
    probabilities: softmax,
    forward: (logits, labels) => softmaxCrossEntropyForward(logits, labels, checked),
    backward: (logits, labels, samples) =>
      softmaxCrossEntropyBackward(logits, labels, checked, samples),
  };
}

export const softmaxCrossEntropyEntry: Entry<SoftmaxCrossEntropyOptions, Loss> = entry({
  doc: "Cross-entropy of the softmax of the output, in nats, for samples with one class each",
  options,
  create: softmaxCrossEntropy,
});
