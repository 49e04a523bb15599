/**
 * Batch normalization (Ioffe and Szegedy, "Batch normalization: accelerating deep network training by
 * reducing internal covariate shift", ICML 2015).
 *
 * In training by the statistics of the batch (algorithm 1):
 *
 *     forward    μ  = Σ x / m        σ² = Σ (x − μ)² / m        sums over the m rows of the batch
 *                x̂  = (x − μ) / √(σ² + ε)
 *                y  = γ x̂ + β
 *     backward   dβ = Σ dy           dγ = Σ dy x̂
 *                dx = γ / √(σ² + ε) (dy − dβ / m − x̂ dγ / m)
 *
 *     x, x̂, y, dx, dy [m, n]   μ, σ², γ (scale), β (shift) [n]
 *
 * dx is the paper's (section 3, six equations) put together: it takes from dy what shifting or scaling a
 * whole column would do, which changes nothing.
 *
 * In predictions (algorithm 2) running statistics take the place of μ and σ². Each step of training
 * moves them by the momentum a, as in PyTorch, with the unbiased variance:
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
  /** Share of a batch's statistics in the running ones after its step. */
  readonly momentum?: number;
  /** ε, added to the variance before its root is taken. */
  readonly epsilon?: number;
}

const options = z.strictObject({
  momentum: z.number().min(0).max(1).default(0.1)
    .describe("share of a batch's statistics in the running ones, which predictions use"),
  epsilon: z.number().positive().default(1e-5)
    .describe("added to the variance before its root is taken"),
});

/** Mean and variance of each unit. */
export interface BatchStatistics {
  /** μ [n] */
  readonly mean: Tensor;
  /** σ² [n] */
  readonly variance: Tensor;
}

/** Mean and variance of each column of x [m, n]. */
function statisticsOf(x: Tensor): BatchStatistics {
  const batch = dimension(x, 0);
  const mean = div(sum(x, "rows"), batch);
  const centred = sub(x, broadcastRow(mean, batch));
  return { mean, variance: div(sum(mul(centred, centred), "rows"), batch) };
}

/** 1 / √(σ² + ε) [n] and x̂ [m, n]. */
function normalize({ mean, variance }: BatchStatistics, x: Tensor, epsilon: number) {
  const batch = dimension(x, 0);
  const inverse = div(1, sqrt(add(variance, epsilon)));
  const centred = sub(x, broadcastRow(mean, batch));
  return { inverse, normalized: mul(centred, broadcastRow(inverse, batch)) };
}

/** Normalizes x [m, n] by its own statistics, or by given ones; then scales and shifts it. */
export function batchNormForward(
  { scale, shift }: AffineParams,
  x: Tensor,
  { epsilon, statistics = statisticsOf(x) }: {
    readonly epsilon: number;
    readonly statistics?: BatchStatistics | undefined;
  },
): Tensor {
  const { normalized } = normalize(statistics, x, epsilon);
  return addRow(mul(normalized, broadcastRow(scale, dimension(x, 0))), shift);
}

/**
 * Gradients with respect to the input and the parameters, given dy [m, n]; through the statistics of the
 * batch, unless statistics are given.
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
  const { inverse, normalized } = normalize(statistics ?? statisticsOf(x), x, epsilon);
  const grads = { scale: sum(mul(dy, normalized), "rows"), shift: sum(dy, "rows") };
  const everywhere = (row: Tensor) => broadcastRow(row, batch);
  const slope = everywhere(mul(scale, inverse));
  if (statistics !== undefined) return { dx: mul(slope, dy), grads };
  const shifting = everywhere(div(grads.shift, batch));
  const scaling = mul(normalized, everywhere(div(grads.scale, batch)));
  return { dx: mul(slope, sub(sub(dy, shifting), scaling)), grads };
}

/** A layer that normalizes each unit over the batch. */
export function batchNorm(overrides: BatchNormOptions = {}): Layer<"scale" | "shift"> {
  const checked = withDefaults(options, overrides);
  const { momentum, epsilon } = checked;
  /** BatchStatistics that stand in for those of the batch: the running ones, outside training. */
  const givenBy = ({ state, training }: LayerContext) =>
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
      const given = givenBy(context);
      const statistics = given ?? statisticsOf(several(x));
      const y = batchNormForward(params, x, { epsilon, statistics });
      return { y, state: given ?? moved(context.state, x, momentum) };
    },
    backward: (params, x, dy, context) =>
      batchNormBackward(params, x, dy, { epsilon, statistics: givenBy(context) }),
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

/** x [m, n], if it has rows enough for a variance. */
function several(x: Tensor): Tensor {
  if (dimension(x, 0) > 1) return x;
  throw new RangeError(
    "Cannot normalize a batch: expected at least 2 samples a step, the last of an epoch included " +
      "(another batchSize may do): received 1",
  );
}

/** The running statistics after a batch. */
function moved(
  { mean, variance }: Readonly<Record<string, Tensor>>,
  x: Tensor,
  momentum: number,
): Readonly<Record<"mean" | "variance", Tensor>> {
  const batch = dimension(x, 0);
  const now = statisticsOf(x);
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
