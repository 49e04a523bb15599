/**
 * Dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
 * neural networks from overfitting", JMLR 15, 2014), inverted: what is kept is scaled in training, so
 * that nothing needs to be scaled in predictions.
 *
 *     forward    y  = x / (1 − rate) where the mask is set, else 0       x, y [batch, n]
 *     backward   dx = dy / (1 − rate) where the mask is set, else 0
 *
 * The mask is drawn for each unit of each sample at each step, set with probability 1 − rate; in
 * predictions y = x. As the first layer it drops features.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { bernoulli, dimension, mul, select, type Tensor } from "../../tensor/mod.ts";
import type { Layer, LayerTraining } from "./layer.ts";

/** Options of dropout. */
export interface DropoutOptions {
  /** Share of the units that is dropped, from 0 to below 1. */
  readonly rate: number;
}

const options = z.strictObject({
  rate: z.number().min(0).lt(1).describe("share of the units that is dropped"),
});

/** Keeps what the mask [batch, n] is set for, scaled by 1 / (1 − rate). */
export function dropoutForward({ rate }: DropoutOptions, x: Tensor, mask: Tensor): Tensor {
  return select(mask, mul(x, 1 / (1 - rate)), 0);
}

/** Gradient with respect to the input, given dy [batch, n] and the same mask. */
export function dropoutBackward(
  options: DropoutOptions,
  dy: Tensor,
  mask: Tensor,
): { readonly dx: Tensor } {
  return { dx: dropoutForward(options, dy, mask) };
}

/** A layer that drops units in training. */
export function dropout(overrides: DropoutOptions): Layer<never> {
  const checked = withDefaults(options, overrides);
  const { rate } = checked;
  const maskFor = (x: Tensor, training: LayerTraining) =>
    bernoulli(training, dimension(x, 1), 1 - rate);
  return {
    kind: "dropout",
    options: checked,
    category: "noise",
    width: (inputs) => inputs,
    parameters: () => [],
    state: () => [],
    forward: (_params, x, { training }) => ({
      y: training === undefined ? x : dropoutForward({ rate }, x, maskFor(x, training)),
      state: {},
    }),
    backward: (_params, x, dy, { training }) => ({
      dx: training === undefined ? dy : dropoutBackward({ rate }, dy, maskFor(x, training)).dx,
      grads: {},
    }),
  };
}

export const dropoutEntry: Entry<DropoutOptions, Layer<never>> = entry({
  doc: "Dropout: in training, sets a share of the units to 0 and scales the others up",
  options,
  main: "rate",
  create: dropout,
});
