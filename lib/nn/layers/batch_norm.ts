/**
 * Batch normalization (Ioffe and Szegedy, "Batch normalization: accelerating deep network training by
 * reducing internal covariate shift", ICML 2015).
 *
 * Training normalizes by the statistics of the batch (algorithm 1):
 *
 *     forward    μ  = Σ x / m        σ² = Σ (x − μ)² / m        sums over the m rows of the batch
 *                x̂  = (x − μ) / √(σ² + ε)
 *                y  = γ x̂ + β
 *     backward   dβ = Σ dy           dγ = Σ dy x̂
 *                dx = γ / √(σ² + ε) (dy − dβ / m − x̂ dγ / m)
 *
 *     x, x̂, y, dx, dy [m, n]   μ, σ², γ (scale), β (shift) [n]
 *
 * dx combines the paper's six equations (section 3). It subtracts from dy the components that shift or scale
 * a whole column, since y does not depend on those of x.
 *
 * Predictions (algorithm 2) use running statistics instead of μ and σ². Each step of training updates them
 * with momentum a, as in PyTorch, and with the unbiased variance:
 *
 *     mean ← (1 − a) mean + a μ        variance ← (1 − a) variance + a σ² m / (m − 1)
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  addRow,
  broadcastRow,
  dimension,
  div,
  mul,
  sqrt,
  sub,
  sum,
  type Tensor,
} from "../../tensor/mod.ts";
import { affineParameters, type AffineParams } from "./affine.ts";
import type { Layer, LayerContext } from "./layer.ts";

/** Options of batch normalization. */
export interface BatchNormOptions {
  /** a, the weight of a batch's statistics in the running statistics. */
  readonly momentum?: number;
  /** ε, added to the variance before the square root. */
  readonly epsilon?: number;
}

const options = z.strictObject({
  momentum: z.number().min(0).max(1).default(0.1)
    .describe("weight of a batch's statistics in the running ones, which predictions use"),
  epsilon: z.number().positive().default(1e-5)
    .describe("added to the variance before the square root"),
});

/** The mean and variance of each unit. */
export interface BatchStatistics {
  /** μ [n] */
  readonly mean: Tensor;
  /** σ² [n] */
  readonly variance: Tensor;
}

/**
 * Computes the mean and the variance of each column of x [m, n]. The variance is the mean of the squared
 * deviations, with the divisor m.
 */
function computeStatistics(x: Tensor): BatchStatistics {
  const batch = dimension(x, 0);
  const mean = div(sum(x, "rows"), batch);
  const centred = sub(x, broadcastRow(mean, batch));
  return { mean, variance: div(sum(mul(centred, centred), "rows"), batch) };
}

/** Computes 1 / √(variance + ε) [n], and x [m, n] normalized by mean and variance. */
function normalize({ mean, variance }: BatchStatistics, x: Tensor, epsilon: number) {
  const batch = dimension(x, 0);
  const inverse = div(1, sqrt(add(variance, epsilon)));
  const centred = sub(x, broadcastRow(mean, batch));
  return { inverse, normalized: mul(centred, broadcastRow(inverse, batch)) };
}

/**
 * Normalizes each column of x [m, n] by a mean and a variance, by default those of x itself. Then scales and
 * shifts the columns.
 */
export function batchNormForward(
  { scale, shift }: AffineParams,
  x: Tensor,
  { epsilon, statistics = computeStatistics(x) }: {
    readonly epsilon: number;
    readonly statistics?: BatchStatistics | undefined;
  },
): Tensor {
  const { normalized } = normalize(statistics, x, epsilon);
  return addRow(mul(normalized, broadcastRow(scale, dimension(x, 0))), shift);
}

/**
 * Computes the gradients of the loss with respect to x and the parameters. dy [m, n] is the gradient with
 * respect to the output y. If `statistics` are missing, those of x were used, and the gradients include their
 * derivatives.
 */
export function batchNormBackward(
  { scale }: Pick<AffineParams, "scale">,
  x: Tensor,
  dy: Tensor,
  { epsilon, statistics }: {
    readonly epsilon: number;
    readonly statistics?: BatchStatistics | undefined;
  },
): { readonly dx: Tensor; readonly grads: AffineParams } {
  const batch = dimension(x, 0);
  const { inverse, normalized } = normalize(statistics ?? computeStatistics(x), x, epsilon);
  const grads = { scale: sum(mul(dy, normalized), "rows"), shift: sum(dy, "rows") };
  const everywhere = (row: Tensor) => broadcastRow(row, batch);
  const slope = everywhere(mul(scale, inverse));
  if (statistics !== undefined) return { dx: mul(slope, dy), grads };
  const shifting = everywhere(div(grads.shift, batch));
  const scaling = mul(normalized, everywhere(div(grads.scale, batch)));
  return { dx: mul(slope, sub(sub(dy, shifting), scaling)), grads };
}

/** Returns a layer that normalizes each unit over the batch. */
export function batchNorm(overrides: BatchNormOptions = {}): Layer<"scale" | "shift"> {
  const checked = withDefaults(options, overrides);
  const { momentum, epsilon } = checked;
  /** Returns the running statistics outside training; undefined in training, which uses those of the batch. */
  const runningStatistics = ({ state, training }: LayerContext) =>
    training === undefined ? state as Readonly<Record<"mean" | "variance", Tensor>> : undefined;
  return {
    kind: "batchNorm",
    options: checked,
    category: "normalization",
    width: (inputs) => inputs,
    parameters: affineParameters,
    state: (inputs) => [
      { name: "mean", shape: [inputs], first: 0 },
      { name: "variance", shape: [inputs], first: 1 },
    ],
    forward(params, x, context) {
      const running = runningStatistics(context);
      const statistics = running ?? computeStatistics(expectSeveralRows(x));
      const y = batchNormForward(params, x, { epsilon, statistics });
      return { y, state: running ?? updateRunningStatistics(context.state, x, momentum) };
    },
    backward: (params, x, dy, context) =>
      batchNormBackward(params, x, dy, { epsilon, statistics: runningStatistics(context) }),
    scaling(valueOf) {
      const variance = valueOf("variance");
      return {
        center: valueOf("mean"),
        slope: Float64Array.from(
          valueOf("scale"),
          (gamma, unit) => gamma / Math.sqrt(variance[unit] + epsilon),
        ),
        shift: valueOf("shift"),
      };
    },
  };
}

/**
 * Returns x [m, n] unchanged.
 *
 * @throws {RangeError} if x has fewer than 2 rows, too few for a variance
 */
function expectSeveralRows(x: Tensor): Tensor {
  if (dimension(x, 0) > 1) return x;
  throw new RangeError(
    "Cannot normalize a batch: expected at least 2 samples a step, the last of an epoch included " +
      "(another batchSize may do): received 1",
  );
}

/**
 * Computes the running mean and variance [n] after a batch x [m, n], from those before it. `momentum` is
 * the weight of the batch's statistics.
 */
function updateRunningStatistics(
  { mean, variance }: Readonly<Record<string, Tensor>>,
  x: Tensor,
  momentum: number,
): Readonly<Record<"mean" | "variance", Tensor>> {
  const batch = dimension(x, 0);
  const now = computeStatistics(x);
  const towards = (old: Tensor | undefined, target: Tensor, share: number) =>
    add(mul(old as Tensor, 1 - momentum), mul(target, share));
  return {
    mean: towards(mean, now.mean, momentum),
    variance: towards(variance, now.variance, momentum * batch / (batch - 1)),
  };
}

export const batchNormEntry: Entry<BatchNormOptions, Layer<"scale" | "shift">> = entry({
  doc:
    "Batch normalization: mean 0 and variance 1 of each unit over the batch, then scale and shift",
  options,
  create: batchNorm,
});
