/**
 * Loss and correctness of samples that mixup has mixed, see `lib/data/augment/mixup.ts`.
 *
 * @module
 */
import type { Mix } from "../../data/augment/mod.ts";
import type { Loss } from "../../nn/mod.ts";
import {
  add,
  argmax,
  broadcastColumn,
  concatenate,
  dimension,
  equalInteger,
  mul,
  select,
  slice,
  sub,
  type Tensor,
  toFloat,
  toInteger,
} from "../../tensor/mod.ts";

/**
 * Returns the loss of a batch in which each sample is mixed with the next one, and the last with the first.
 * If `mix` is undefined, returns `loss` itself.
 *
 *     forward    λ L(z, y) + (1 − λ) L(z, y₂)          y₂: labels of the next samples
 *     backward   λ dL(z, y) + (1 − λ) dL(z, y₂)        row by row: gradient of the mean loss
 *
 *     z [batch, classes]   y, y₂ integer [batch]   λ [batch]
 *
 * Zhang et al. (ICLR 2018, section 1) mix the labels instead. For losses that are linear in the labels, such
 * as cross-entropy, the result is the same.
 */
export function mixedLoss(loss: Loss, mix: Mix | undefined): Loss {
  if (mix === undefined) return loss;
  return {
    probabilities: (logits) => loss.probabilities(logits),
    forward(logits, labels) {
      const own = loss.forward(logits, labels);
      const next = loss.forward(logits, nextLabels(labels));
      return { ...own, loss: interpolate(own.loss, next.loss, mix.weight) };
    },
    backward(logits, labels, samples) {
      const [own, next] = [labels, nextLabels(labels)]
        .map((labels) => loss.backward(logits, labels, samples));
      return interpolate(own, next, broadcastColumn(mix.weight, dimension(logits, 1)));
    },
  };
}

/**
 * Builds the correctness of each prediction [batch]: 1 if it is right, else 0. For a mixed sample, it is
 * the sum of the weights of its original samples whose class was predicted.
 */
export function correctness(probabilities: Tensor, labels: Tensor, mix: Mix | undefined): Tensor {
  const predicted = argmax(probabilities);
  const isRight = (labels: Tensor) => select(equalInteger(predicted, labels), 1, 0);
  if (mix === undefined) return isRight(labels);
  return interpolate(isRight(labels), isRight(nextLabels(labels)), mix.weight);
}

/** Builds λ a + (1 − λ) b, where λ is `weight`. */
function interpolate(a: Tensor, b: Tensor, weight: Tensor): Tensor {
  return add(mul(weight, a), mul(sub(1, weight), b));
}

/**
 * Returns for each sample the label of the next one, and for the last sample that of the first. The
 * conversion to single precision is exact, since classes are below 2¹⁶.
 */
function nextLabels(labels: Tensor): Tensor {
  const [count, floats] = [dimension(labels, 0), toFloat(labels)];
  if (count === 1) return labels;
  return toInteger(concatenate([slice(floats, 1, [count - 1]), slice(floats, 0, [1])]));
}
