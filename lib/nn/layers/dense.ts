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
import { expectKnownUnits, unitsSchema } from "./units.ts";

/** Parameters of a dense layer. */
export interface DenseParams {
  /** W [in, out] */
  readonly weight: Tensor;
  /** b [out] */
  readonly bias: Tensor;
}

/** Applies a dense layer to every row of x [batch, in]. */
export function denseForward({ weight, bias }: DenseParams, x: Tensor): Tensor {
  return addRow(matmul(x, weight), bias);
}

/**
 * Computes the gradients of the loss with respect to x and the parameters. dy [batch, out] is the gradient
 * with respect to the output y.
 */
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
  /** Number of outputs. In configs also "classes", the number of classes, which is the default there. */
  readonly units?: number | "classes";
  /** Initializer of the weights. Defaults to `heNormal`. */
  readonly initializer?: Named<typeof initializers>;
  /** Initial value of all biases. Defaults to 0. */
  readonly initialBias?: number | undefined;
  /** Regularization of the weights; it does not apply to biases. */
  readonly regularization?: Regularization | undefined;
}

/** Schema of the options of a dense layer. */
export const denseOptions = z.strictObject({
  units: unitsSchema,
  initializer: z.lazy(() => initializers.schema).default({ name: "heNormal" })
    .describe("initializer of the weights"),
  initialBias: z.number().optional().describe("initial value of all biases. Defaults to 0"),
  regularization: regularizationSchema.optional()
    .describe("regularization of the weights; it does not apply to biases"),
});

/**
 * Returns the specifications of a dense layer's parameters: `weight` [inputs, outputs] and `bias` [outputs].
 *
 * @param fans numbers from which initializers derive the variance. Defaults to `inputs` and `outputs`
 */
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

/** Returns a dense layer. */
export function dense(overrides: DenseOptions): Layer<"weight" | "bias"> {
  const checked = withDefaults(denseOptions, overrides);
  const { units, ...options } = checked;
  return {
    kind: "dense",
    options: checked,
    category: "weights",
    width: () => expectKnownUnits(units),
    parameters: (inputs) => denseParameters([inputs, expectKnownUnits(units)], options),
    state: () => [],
    forward: (params, x) => ({ y: denseForward(params, x), state: {} }),
    backward: denseBackward,
    absorbScaling: (valueOf, { center, slope, shift }) => ({
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
