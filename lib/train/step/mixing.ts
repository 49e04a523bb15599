/**
 * The loss of samples that are mixed with each other, see `lib/data/augment/mixup.ts`.
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
 * A loss of samples each of which is mixed with the next, the last with the first; the loss itself if
 * they are not mixed.
 *
 *     forward    λ L(z, y) + (1 − λ) L(z, y₂)          y₂ the labels of the next samples
 *     backward   λ dL(z, y) + (1 − λ) dL(z, y₂)        row by row: that of the mean loss, as ever
 *
 *     z [batch, classes]   y, y₂ integer [batch]   λ [batch]
 *
 * Zhang et al. (ICLR 2018, section 1) mix the labels; of losses that are linear in them, as
 * cross-entropy is, that is the same.
 */
export function mixedLoss(loss: Loss, mix: Mix | undefined): Loss {
  if (mix === undefined) return loss;
  return {
    probabilities: (logits) => loss.probabilities(logits),
    forward(logits, labels) {
      const own = loss.forward(logits, labels);
      const other = loss.forward(logits, ofNext(labels));
      return { ...own, loss: mixed(own.loss, other.loss, mix.weight) };
    },
    backward(logits, labels) {
      const [own, other] = [loss.backward(logits, labels), loss.backward(logits, ofNext(labels))];
      return mixed(own, other, broadcastColumn(mix.weight, dimension(logits, 1)));
    },
  };
}

/**
 * How right each prediction is [batch]: 1 or 0, or, where samples are mixed, the share of the one whose
 * class was predicted.
 */
export function rightness(probabilities: Tensor, labels: Tensor, mix: Mix | undefined): Tensor {
  const predicted = argmax(probabilities);
  const isRight = (labels: Tensor) => select(equalInteger(predicted, labels), 1, 0);
  if (mix === undefined) return isRight(labels);
  return mixed(isRight(labels), isRight(ofNext(labels)), mix.weight);
}

/** λ a + (1 − λ) b */
function mixed(a: Tensor, b: Tensor, weight: Tensor): Tensor {
  return add(mul(weight, a), mul(sub(1, weight), b));
}

/** The labels of the next samples: exact in single precision, since classes are below 2¹⁶. */
function ofNext(labels: Tensor): Tensor {
  const [count, floats] = [dimension(labels, 0), toFloat(labels)];
  if (count === 1) return labels;
  return toInteger(concatenate([slice(floats, 1, [count - 1]), slice(floats, 0, [1])]));
}
