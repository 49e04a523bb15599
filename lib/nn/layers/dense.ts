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
import { type Entry, entry, type Named, withDefaults } from "../../config/registry.ts";
import { addRow, matmul, sum, type Tensor, transpose } from "../../tensor/mod.ts";
import { constantInitializer, type Fans, initializers } from "../initializers/mod.ts";
import type { Layer, ParameterSpec, Regularization } from "./layer.ts";
import { regularizationSchema } from "./regularization.ts";
import { knownUnits, unitsSchema } from "./units.ts";

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
    grads: { weight: matmul(transpose(x), dy), bias: sum(dy, "rows") },
  };
}

/** Options of a dense layer. */
export interface DenseOptions {
  /** Number of outputs; only in a config may it be left out, for that of the classes. */
  readonly units?: number | "classes";
  /** How the weights start. */
  readonly initializer?: Named<typeof initializers>;
  /** Where the biases start, all alike. */
  readonly initialBias?: number | undefined;
  /** What keeps the weights small; biases are left alone. */
  readonly regularization?: Regularization | undefined;
}

export const denseOptions = z.strictObject({
  units: unitsSchema,
  initializer: z.lazy(() => initializers.schema).default({ name: "heNormal" })
    .describe("how the weights start"),
  initialBias: z.number().optional().describe(
    "where the biases start, all alike; at 0 if not given",
  ),
  regularization: regularizationSchema.optional()
    .describe("what keeps the weights small; biases are left alone"),
});

/** What a dense layer learns: weights [inputs, outputs] and biases [outputs]. */
export function denseParameters(
  [inputs, outputs]: readonly [inputs: number, outputs: number],
  { initializer, initialBias = 0, regularization }: Omit<z.output<typeof denseOptions>, "units">,
  fans: Fans = { fanIn: inputs, fanOut: outputs },
): readonly (ParameterSpec & { readonly name: "weight" | "bias" })[] {
  const [weights, biases] = [
    initializers.create(initializer),
    constantInitializer({ value: initialBias }),
  ];
  return [
    {
      name: "weight",
      shape: [inputs, outputs],
      role: "weight",
      fans,
      initializer: weights,
      regularization,
    },
    { name: "bias", shape: [outputs], role: "bias", fans, initializer: biases },
  ];
}

/** A dense layer of so many units. */
export function dense(overrides: DenseOptions): Layer<"weight" | "bias"> {
  const checked = withDefaults(denseOptions, overrides);
  const { units, ...options } = checked;
  return {
    kind: "dense",
    options: checked,
    category: "weights",
    width: () => knownUnits(units),
    parameters: (inputs) => denseParameters([inputs, knownUnits(units)], options),
    state: () => [],
    forward: (params, x) => ({ y: denseForward(params, x), state: {} }),
    backward: denseBackward,
    scaled: (valueOf, { center, slope, shift }) => ({
      weight: valueOf("weight").map((w, index) => w * slope[index % slope.length]),
      bias: valueOf("bias").map((b, unit) => (b - center[unit]) * slope[unit] + shift[unit]),
    }),
  };
}

export const denseEntry: Entry<DenseOptions, Layer<"weight" | "bias">> = entry({
  doc: "Dense (fully connected) layer: y = x W + b",
  options: denseOptions,
  main: "units",
  nameless: true,
  create: dense,
});
