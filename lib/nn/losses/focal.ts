/**
 * Focal loss: cross-entropy with a smaller weight for samples whose right class has a high probability (Lin,
 * Goyal, Girshick, He and Dollár, "Focal loss for dense object detection", ICCV 2017, equation 5), here for
 * a softmax over several classes.
 *
 *     forward    loss = −w qᵞ log p        p: softmax of z at the label, q = 1 − p
 *     backward   dz   = w qᵞ (1 − γ p log p / q) (softmax of z − y) / batch      y one-hot
 *
 *     z, dz [batch, classes]   labels integer [batch]   w (weight of the label's class), p, q, loss [batch]
 *
 * q is the sum of the other classes' probabilities, so it is accurate where p is almost 1. There
 * −p log p / q is almost 1, and it is set to 1 where q is 0. With γ = 0 this is the cross-entropy.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  broadcastColumn,
  dimension,
  div,
  exp,
  gatherColumns,
  greater,
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
  sampleWeights,
} from "./one_hot.ts";
import { shiftedExponentials, softmax } from "./softmax.ts";

/** Options of the focal loss. */
export interface FocalOptions extends ClassWeights {
  /** γ: larger values give easy samples a smaller weight. */
  readonly gamma?: number;
}

const options = z.strictObject({
  gamma: z.number().min(0).default(2).describe("larger values give easy samples a smaller weight"),
  classWeights: classWeightsSchema,
});

/** Computes the loss of each sample [batch] from logits [batch, classes] and labels, integer [batch]. */
export function focalForward(
  logits: Tensor,
  labels: Tensor,
  options: FocalOptions & Required<Pick<FocalOptions, "gamma">>,
): Tensor {
  const { surprise, factor } = focalTerms(logits, labels, options);
  return mul(factor, surprise);
}

/**
 * Computes the gradient of the mean loss over the batch with respect to the logits [batch, classes].
 *
 * @param samples number of samples over which the mean is computed. Defaults to the number of rows of the
 *   logits
 */
export function focalBackward(
  logits: Tensor,
  labels: Tensor,
  options: FocalOptions & Required<Pick<FocalOptions, "gamma">>,
  samples: number = dimension(logits, 0),
): Tensor {
  const classes = dimension(logits, 1);
  const { surprise, factor, others } = focalTerms(logits, labels, options);
  const p = softmax(logits);
  const ratio = select(greater(others, 0), div(mul(gatherColumns(p, labels), surprise), others), 1);
  const slope = div(mul(factor, add(mul(ratio, options.gamma), 1)), samples);
  return mul(sub(p, oneHot(labels, classes)), broadcastColumn(slope, classes));
}

/**
 * Computes −log p (`surprise`), w qᵞ (`factor`) and q (`others`) for each sample [batch]: p is the
 * probability of its label, q = 1 − p, and w is the weight of its class.
 */
function focalTerms(
  logits: Tensor,
  labels: Tensor,
  { gamma, classWeights }: Parameters<typeof focalForward>[2],
) {
  const classes = dimension(logits, 1);
  expectClassWeights(classWeights, classes);
  const { shifted, powers, sums } = shiftedExponentials(logits);
  const surprise = sub(log(sums), gatherColumns(shifted, labels));
  const others = div(sum(select(labelMask(labels, classes), 0, powers), "columns"), sums);
  const easiness = gamma === 0 ? mul(others, 0) : mul(log(others), gamma);
  const weight = classWeights === undefined ? 1 : sampleWeights(classWeights, labels);
  return { surprise, factor: mul(exp(easiness), weight), others };
}

/** Returns the focal loss of a softmax. */
export function focal(overrides: FocalOptions = {}): Loss {
  const checked = withDefaults(options, overrides);
  return {
    probabilities: softmax,
    forward: (logits, labels) => ({
      loss: focalForward(logits, labels, checked),
      probabilities: softmax(logits),
    }),
    backward: (logits, labels, samples) => focalBackward(logits, labels, checked, samples),
  };
}

export const focalEntry: Entry<FocalOptions, Loss> = entry({
  doc: "Cross-entropy with a smaller weight for easy samples (Lin et al., 2017)",
  options,
  create: focal,
});
