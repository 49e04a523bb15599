/**
 * Maxout (Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout networks", ICML 2013, section 3):
 * each unit is the largest of some pieces, each of which is a dense unit of its own.
 *
 *     forward    z  = x W + b               x [batch, in]   W [in, units · pieces]   b [units · pieces]
 *                y  = max over the pieces   z [batch, units, pieces]   y [batch, units]
 *     backward   dz = dy at the first largest piece of each unit, else 0
 *                dW = xᵀ dz                 db = Σ rows of dz                 dx = dz Wᵀ
 *
 * The pieces of a unit are neighbouring columns of W.
 *
 * @module
 */

import { z } from "zod";
import { type Entry, entry, type Named } from "../../config/registry.ts";
import {
  argmaxColumns,
  columnIndex,
  dimension,
  equalInteger,
  everyColumn,
  maxColumns,
  reshape,
  select,
  type Tensor,
} from "../../tensor/mod.ts";
import { constantInitializer, initializers } from "../initializers/mod.ts";
import { denseBackward, denseForward, type DenseParams } from "./dense.ts";
import type { Layer, Regularization } from "./layer.ts";
import { regularizationSchema } from "./regularization.ts";

/** Options of a maxout layer. */
export interface MaxoutOptions {
  /** Number of outputs. */
  readonly units: number;
  /** Dense units of which each output is the largest, 2 if not given. */
  readonly pieces?: number;
  /** How the weights start, `heNormal` if not given. */
  readonly initializer?: Named<typeof initializers>;
  /** Where the biases start, all alike; at 0 if not given. */
  readonly initialBias?: number | undefined;
  /** What keeps the weights small; biases are left alone. */
  readonly regularization?: Regularization | undefined;
}

/** The pieces of each unit, a row for each: [batch · units, pieces]. */
function piecesOf(params: DenseParams, x: Tensor, pieces: number): Tensor {
  const all = denseForward(params, x);
  return reshape(all, [dimension(all, 0) * dimension(all, 1) / pieces, pieces]);
}

/** Applies the layer to every row of x [batch, in]. */
export function maxoutForward(params: DenseParams, x: Tensor, pieces: number): Tensor {
  const rows = piecesOf(params, x, pieces);
  const batch = dimension(x, 0);
  return reshape(maxColumns(rows), [batch, dimension(rows, 0) / batch]);
}

/** Gradients with respect to the input and the parameters, given dy [batch, units]. */
export function maxoutBackward(
  params: DenseParams,
  x: Tensor,
  dy: Tensor,
  pieces: number,
): { readonly dx: Tensor; readonly grads: DenseParams } {
  const rows = piecesOf(params, x, pieces);
  const isLargest = equalInteger(
    columnIndex(rows.shape),
    everyColumn(argmaxColumns(rows), pieces),
  );
  const passed = everyColumn(reshape(dy, [dimension(rows, 0)]), pieces);
  const dz = reshape(select(isLargest, passed, 0), [dimension(x, 0), dimension(params.bias, 0)]);
  return denseBackward(params, x, dz);
}

const HE_NORMAL = { name: "heNormal" } as const;

/** A maxout layer of so many units. */
export function maxout(
  { units, pieces = 2, initializer = HE_NORMAL, initialBias = 0, regularization }: MaxoutOptions,
): Layer<"weight" | "bias"> {
  return {
    kind: "maxout",
    width: () => units,
    parameters(inputs) {
      // A gradient reaches one piece of each unit: what meets on the way back is as many as units
      const fans = { fanIn: inputs, fanOut: units };
      const weights = initializers.create(initializer);
      const biases = constantInitializer({ value: initialBias });
      return [
        {
          ...{ name: "weight", shape: [inputs, units * pieces], role: "weight", fans },
          initializer: weights,
          regularization,
        },
        { name: "bias", shape: [units * pieces], role: "bias", fans, initializer: biases },
      ];
    },
    state: () => [],
    forward: (params, x) => ({ y: maxoutForward(params, x, pieces), state: {} }),
    backward(params, x, dy) {
      const { dx, grads: { weight, bias } } = maxoutBackward(params, x, dy, pieces);
      return { dx, grads: { weight, bias } };
    },
  };
}

/** Registry entry of {@linkcode maxout}. */
export const maxoutEntry: Entry<MaxoutOptions, Layer<"weight" | "bias">> = entry({
  doc: "Maxout: each unit is the largest of some dense units",
  options: z.strictObject({
    units: z.number().int().min(1).describe("number of outputs"),
    pieces: z.number().int().min(2).default(2)
      .describe("dense units of which each output is the largest"),
    initializer: z.lazy(() => initializers.schema).default(HE_NORMAL)
      .describe("how the weights start"),
    initialBias: z.number().optional().describe(
      "where the biases start, all alike; at 0 if not given",
    ),
    regularization: regularizationSchema.optional()
      .describe("what keeps the weights small; biases are left alone"),
  }),
  create: maxout,
});
