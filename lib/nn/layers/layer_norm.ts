/**
 * Layer normalization (Ba, Kiros and Hinton, "Layer normalization", arXiv:1607.06450, 2016, section 3).
 *
 *     forward    μ  = Σ x / n        σ² = Σ (x − μ)² / n        sums over the n units of a sample
 *                x̂  = (x − μ) / √(σ² + ε)
 *                y  = γ x̂ + β
 *     backward   dβ = Σ rows of dy   dγ = Σ rows of dy x̂        g = γ dy
 *                dx = (g − Σ g / n − x̂ Σ (g x̂) / n) / √(σ² + ε)
 *
 *     x, x̂, y, dx, dy, g [batch, n]   μ, σ² [batch]   γ (scale), β (shift) [n]
 *
 * Training and predictions are the same. As in PyTorch, ε is added before the square root.
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  add,
  addRow,
  broadcastColumn,
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
import type { Layer } from "./layer.ts";

/** Options of layer normalization. */
export interface LayerNormOptions {
  /** ε, added to the variance before the square root. */
  readonly epsilon?: number;
}

const options = z.strictObject({
  epsilon: z.number().positive().default(1e-5)
    .describe("added to the variance before the square root"),
});

/** Computes the mean of each row, broadcast to all columns. */
function rowMeans(x: Tensor): Tensor {
  const units = dimension(x, 1);
  return broadcastColumn(div(sum(x, "columns"), units), units);
}

/**
 * Computes 1 / √(variance + ε) of each row, broadcast to all columns, and x normalized by rows, both [batch,
 * n].
 */
function normalize({ epsilon }: Required<LayerNormOptions>, x: Tensor) {
  const units = dimension(x, 1);
  const centred = sub(x, rowMeans(x));
  const variance = div(sum(mul(centred, centred), "columns"), units);
  const inverse = broadcastColumn(div(1, sqrt(add(variance, epsilon))), units);
  return { inverse, normalized: mul(centred, inverse) };
}

/** Normalizes every row of x [batch, n], then scales and shifts its units. */
export function layerNormForward(
  { scale, shift }: AffineParams,
  x: Tensor,
  options: Required<LayerNormOptions>,
): Tensor {
  const { normalized } = normalize(options, x);
  return addRow(mul(normalized, broadcastRow(scale, dimension(x, 0))), shift);
}

/**
 * Computes the gradients of the loss with respect to x and the parameters. dy [batch, n] is the gradient
 * with respect to the output y.
 */
export function layerNormBackward(
  { scale }: Pick<AffineParams, "scale">,
  x: Tensor,
  dy: Tensor,
  options: Required<LayerNormOptions>,
): { readonly dx: Tensor; readonly grads: AffineParams } {
  const { inverse, normalized } = normalize(options, x);
  const g = mul(dy, broadcastRow(scale, dimension(x, 0)));
  const scaling = mul(normalized, rowMeans(mul(g, normalized)));
  return {
    dx: mul(sub(sub(g, rowMeans(g)), scaling), inverse),
    grads: { scale: sum(mul(dy, normalized), "rows"), shift: sum(dy, "rows") },
  };
}

/** Returns a layer that normalizes each sample over its units. */
export function layerNorm(overrides: LayerNormOptions = {}): Layer<"scale" | "shift"> {
  const checked = withDefaults(options, overrides);
  return {
    kind: "layerNorm",
    options: checked,
    category: "normalization",
    width: (inputs) => inputs,
    parameters: affineParameters,
    state: () => [],
    forward: (params, x) => ({ y: layerNormForward(params, x, checked), state: {} }),
    backward: (params, x, dy) => layerNormBackward(params, x, dy, checked),
  };
}

export const layerNormEntry: Entry<LayerNormOptions, Layer<"scale" | "shift">> = entry({
  doc:
    "Layer normalization: mean 0 and variance 1 of each sample over its units, then scale and shift",
  options,
  create: layerNorm,
});
