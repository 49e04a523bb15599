/**
 * Maxout (Goodfellow, Warde-Farley, Mirza, Courville and Bengio, "Maxout networks", ICML 2013, section 3):
 * each unit is the largest of several pieces, which are dense units.
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
import { type Entry, entry, withDefaults } from "../../config/registry.ts";
import {
  argmax,
  broadcastColumn,
  columnIndex,
  dimension,
  equalInteger,
  max,
  reshape,
  select,
  type Tensor,
} from "../../tensor/mod.ts";
import {
  denseBackward,
  denseForward,
  type DenseOptions,
  denseOptions,
  denseParameters,
  type DenseParams,
} from "./dense.ts";
import type { Layer } from "./layer.ts";
import { expectKnownUnits } from "./units.ts";

/** Options of a maxout layer. */
export interface MaxoutOptions extends DenseOptions {
  /** Number of dense units of which each output is the largest. */
  readonly pieces?: number;
}

const options = denseOptions.extend({
  pieces: z.number().int().min(2).default(2)
    .describe("number of dense units of which each output is the largest"),
});

/**
 * Computes the pieces of each maxout unit: the dense outputs whose maximum is the output of the unit. Returns one
 * row for each sample and unit: [batch · units, pieces].
 */
function computePieces(params: DenseParams, x: Tensor, pieces: number): Tensor {
  const all = denseForward(params, x);
  return reshape(all, [dimension(all, 0) * dimension(all, 1) / pieces, pieces]);
}

/** Applies a maxout layer with `pieces` dense units for each output to every row of x [batch, in]. */
export function maxoutForward(params: DenseParams, x: Tensor, pieces: number): Tensor {
  const rows = computePieces(params, x, pieces);
  const batch = dimension(x, 0);
  return reshape(max(rows, "columns"), [batch, dimension(rows, 0) / batch]);
}

/**
 * Computes the gradients of the loss with respect to x and the parameters. dy [batch, units] is the gradient
 * with respect to the output y.
 */
export function maxoutBackward(
  params: DenseParams,
  x: Tensor,
  dy: Tensor,
  pieces: number,
): { readonly dx: Tensor; readonly grads: DenseParams } {
  const rows = computePieces(params, x, pieces);
  const isLargest = equalInteger(
    columnIndex(rows.shape),
    broadcastColumn(argmax(rows), pieces),
  );
  const passed = broadcastColumn(reshape(dy, [dimension(rows, 0)]), pieces);
  const dz = reshape(select(isLargest, passed, 0), [dimension(x, 0), dimension(params.bias, 0)]);
  return denseBackward(params, x, dz);
}

/** Returns a maxout layer. */
export function maxout(overrides: MaxoutOptions): Layer<"weight" | "bias"> {
  const checked = withDefaults(options, overrides);
  const { units, pieces, ...rest } = checked;
  return {
    kind: "maxout",
    options: checked,
    category: "weights",
    width: () => expectKnownUnits(units),
    // The gradient of a unit goes to one of its pieces, so an input's gradient is a sum over units
    parameters(inputs) {
      const fanOut = expectKnownUnits(units);
      return denseParameters([inputs, fanOut * pieces], rest, { fanIn: inputs, fanOut });
    },
    state: () => [],
    forward: (params, x) => ({ y: maxoutForward(params, x, pieces), state: {} }),
    backward: (params, x, dy) => maxoutBackward(params, x, dy, pieces),
  };
}

export const maxoutEntry: Entry<MaxoutOptions, Layer<"weight" | "bias">> = entry({
  doc: "Maxout: each unit is the largest of several dense units",
  options,
  main: "units",
  create: maxout,
});
