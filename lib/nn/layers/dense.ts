/**
 * Dense (fully connected) layer.
 *
 *     forward    y  = x W + b        x [batch, in]   W [in, out]   b [out]   y [batch, out]
 *     backward   dW = xᵀ dy          dy [batch, out], the gradient of the loss with respect to y
 *                db = Σ rows of dy
 *                dx = dy Wᵀ
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, type Named } from "../../config/registry.ts";
import { addRow, matmul, sumRows, type Tensor, transpose } from "../../tensor/mod.ts";
import { constantInitializer, initializers } from "../initializers/mod.ts";
import type { Layer, Regularization } from "./layer.ts";
import { regularizationSchema } from "./regularization.ts";

/** What a dense layer learns. */
export interface DenseParams {
  /** W [in, out] */
  readonly weight: Tensor;
  /** b [out] */
  readonly bias: Tensor;
}

/** Applies the layer to every row of x [batch, in]. */
export function denseForward({ weight, bias }: DenseParams, x: Tensor): Tensor {
  return addRow(matmul(x, weight), bias);
}

/** Gradients with respect to the input and the parameters, given dy [batch, out]. */
export function denseBackward(
  { weight }: DenseParams,
  x: Tensor,
  dy: Tensor,
): { readonly dx: Tensor; readonly grads: DenseParams } {
  return {
    dx: matmul(dy, transpose(weight)),
    grads: { weight: matmul(transpose(x), dy), bias: sumRows(dy) },
  };
}

/** Options of a dense layer. */
export interface DenseOptions {
  /** Number of outputs. */
  readonly units: number;
  /** How the weights start, `heNormal` if not given. */
  readonly initializer?: Named<typeof initializers>;
  /** Where the biases start, all alike; at 0 if not given. */
  readonly initialBias?: number | undefined;
  /** What keeps the weights small; biases are left alone. */
  readonly regularization?: Regularization | undefined;
}

const HE_NORMAL = { name: "heNormal" } as const;

/** A dense layer of so many units. */
export function dense(
  { units, initializer = HE_NORMAL, initialBias = 0, regularization }: DenseOptions,
): Layer<"weight" | "bias"> {
  return {
    kind: "dense",
    width: () => units,
    parameters(inputs) {
      const fans = { fanIn: inputs, fanOut: units };
      const weights = initializers.create(initializer);
      const biases = constantInitializer({ value: initialBias });
      return [
        {
          ...{ name: "weight", shape: [inputs, units], role: "weight", fans },
          initializer: weights,
          regularization,
        },
        { name: "bias", shape: [units], role: "bias", fans, initializer: biases },
      ];
    },
    state: () => [],
    forward: (params, x) => ({ y: denseForward(params, x), state: {} }),
    backward(params, x, dy) {
      const { dx, grads: { weight, bias } } = denseBackward(params, x, dy);
      return { dx, grads: { weight, bias } };
    },
  };
}

/** Registry entry of {@linkcode dense}. */
export const denseEntry: Entry<DenseOptions, Layer<"weight" | "bias">> = entry({
  doc: "Dense (fully connected) layer: y = x W + b",
  options: z.strictObject({
    units: z.number().int().min(1).describe("number of outputs"),
    initializer: z.lazy(() => initializers.schema).default(HE_NORMAL)
      .describe("how the weights start"),
    initialBias: z.number().optional().describe(
      "where the biases start, all alike; at 0 if not given",
    ),
    regularization: regularizationSchema.optional()
      .describe("what keeps the weights small; biases are left alone"),
  }),
  create: dense,
});
