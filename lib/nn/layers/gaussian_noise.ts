/**
 * Gaussian noise (as in Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural
 * Computation 7(1), 1995).
 *
 *     forward    y  = x + stddev ε          ε normal, of mean 0 and variance 1       x, y, ε [batch, n]
 *     backward   dx = dy
 *
 * ε is random for each unit of each sample at every step. In predictions, y = x.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import { add, dimension, mul, normalNoise, type Tensor } from "../../tensor/mod.ts";
import type { Layer } from "./layer.ts";

/** Options of Gaussian noise. */
export interface GaussianNoiseOptions {
  /** Standard deviation of the noise. */
  readonly stddev: number;
}

const options = z.strictObject({
  stddev: z.number().min(0).describe("standard deviation of the noise"),
});

/** Adds standard normal noise ε [batch, n], times the standard deviation, to x [batch, n]. */
export function gaussianNoiseForward(
  { stddev }: GaussianNoiseOptions,
  x: Tensor,
  noise: Tensor,
): Tensor {
  return add(x, mul(noise, stddev));
}

/** Returns a layer that adds noise in training. */
export function gaussianNoise(overrides: GaussianNoiseOptions): Layer<never> {
  const checked = withDefaults(options, overrides);
  return {
    kind: "gaussianNoise",
    options: checked,
    category: "noise",
    width: (inputs) => inputs,
    parameters: () => [],
    state: () => [],
    forward: (_params, x, { training }) => ({
      y: training === undefined
        ? x
        : gaussianNoiseForward(checked, x, normalNoise(training, dimension(x, 1))),
      state: {},
    }),
    backward: (_params, _x, dy) => ({ dx: dy, grads: {} }),
  };
}

export const gaussianNoiseEntry: Entry<GaussianNoiseOptions, Layer<never>> = entry({
  doc: "Gaussian noise: in training, adds normal numbers to the units",
  options,
  main: "stddev",
  create: gaussianNoise,
});
