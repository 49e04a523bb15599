/**
 * Dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, "Dropout: a simple way to prevent
 * neural networks from overfitting", JMLR 15, 2014), inverted: training scales the units that it keeps, so
 * that predictions need no scaling.
 *
 *     forward    y  = x / (1 − rate) where the mask is set, else 0       x, y [batch, n]
 *     backward   dx = dy / (1 − rate) where the mask is set, else 0
 *
 * The mask of each unit of each sample is random at every step, set with probability 1 − rate. In
 * predictions, y = x. As the first layer, dropout drops features.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { bernoulli, dimension, mul, select, type Tensor } from "../../tensor/mod.ts";
import type { Layer, LayerTraining } from "./layer.ts";

/** Options of dropout. */
export interface DropoutOptions {
  /** Fraction of the units that is dropped, from 0 to below 1. */
  readonly rate: number;
}

const options = z.strictObject({
  rate: z.number().min(0).lt(1).describe("fraction of the units that is dropped"),
});

/** Scales the elements where the mask [batch, n] is set by 1 / (1 − rate), and sets the others to 0. */
export function dropoutForward({ rate }: DropoutOptions, x: Tensor, mask: Tensor): Tensor {
  return select(mask, mul(x, 1 / (1 - rate)), 0);
}

/**
 * Computes the gradient of the loss with respect to the input. dy [batch, n] is the gradient with respect to
 * the output, and the mask is that of {@linkcode dropoutForward}.
 */
export function dropoutBackward(
  options: DropoutOptions,
  dy: Tensor,
  mask: Tensor,
): { readonly dx: Tensor } {
  return { dx: dropoutForward(options, dy, mask) };
}

/** Returns a layer that drops units in training. */
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
  doc: "Dropout: in training, sets a fraction of the units to 0 and scales the others up",
  options,
  main: "rate",
  create: dropout,
});
