/**
 * Layers that exist for tests only: one with a state, one with random numbers.
 *
 * @module
 */

import type { Layer } from "../../lib/nn/mod.ts";
import {
  add,
  broadcastColumn,
  broadcastRow,
  dimension,
  div,
  less,
  mul,
  select,
  shiftRight,
  sub,
  sum,
  type Tensor,
  threefryOf,
  toFloat,
} from "../../lib/tensor/mod.ts";

/** Takes a running mean off each column; in training it moves halfway to the batch's mean first. */
export function centre(): Layer<never> {
  const meanOf = (x: Tensor) => div(sum(x, "rows"), dimension(x, 0));
  return {
    kind: "centre",
    category: "normalization",
    width: (inputs) => inputs,
    parameters: () => [],
    state: (inputs) => [{ name: "mean", shape: [inputs], first: 0 }],
    forward(_params, x, { state, training }) {
      const old = state.mean;
      const mean = training === undefined ? old : mul(add(old, meanOf(x)), 0.5);
      return { y: sub(x, broadcastRow(mean, dimension(x, 0))), state: { mean } };
    },
    backward(_params, x, dy) {
      const share = mul(meanOf(dy), 0.5);
      return { dx: sub(dy, broadcastRow(share, dimension(x, 0))), grads: {} };
    },
  };
}

/** In training, keeps a sample's whole row or drops it, by the sample's number and the step. */
export function keepHalf(): Layer<never> {
  const masked = (x: Tensor, training: Parameters<Layer["forward"]>[2]["training"]) => {
    if (training === undefined) return x;
    const [bits] = threefryOf(training.key, training.samples, training.step);
    const kept = less(toFloat(shiftRight(bits, 1)), 2 ** 30);
    return select(broadcastColumn(kept, dimension(x, 1)), x, 0);
  };
  return {
    kind: "keepHalf",
    category: "noise",
    width: (inputs) => inputs,
    parameters: () => [],
    state: () => [],
    forward: (_params, x, { training }) => ({ y: masked(x, training), state: {} }),
    backward: (_params, _x, dy, { training }) => ({ dx: masked(dy, training), grads: {} }),
  };
}
