/**
 * Outlines a network before anything is computed: shapes, parameters and arithmetic of each layer.
 *
 * @module
 */
import type { Network } from "../../nn/mod.ts";
import { sizeOf } from "../../tensor/mod.ts";

/** Shapes, number of parameters and arithmetic of one layer. */
export interface LayerOutline {
  /** Name of the layer, its kind and number: "dense1". */
  readonly name: string;
  /** Number of inputs for one sample. */
  readonly inputs: number;
  /** Number of outputs for one sample. */
  readonly outputs: number;
  /** Shapes of the layer's parameters, by their names within the layer. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Number of parameters. */
  readonly parameters: number;
  /** Floating-point operations of the layer's products for one sample, forward and backward. */
  readonly operations: number;
}

/** Outlines of the layers of a network, and their totals. */
export interface Outline {
  readonly layers: readonly LayerOutline[];
  /** Number of parameters of all layers. */
  readonly parameters: number;
  /** Floating-point operations of the products of a training step, for one sample. */
  readonly operations: number;
}

/**
 * Computes the parameters of each layer of a network, and the floating-point operations of its products in
 * a training step, for one sample. The product of x [1, n] and W [n, k] takes 2 n k operations. A layer
 * with weights computes three such products: the forward pass, the gradient of W, and the gradient of x.
 * The first layer with weights does not need the gradient of x.
 *
 * Multiplications by zero are counted, although kernels skip them. Elementwise operations are not counted.
 */
export function outlineNetwork({ layers, outputs: last }: Network): Outline {
  let isFirst = true;
  const rows = layers.map(({ name, inputs, parameters }, index): LayerOutline => {
    const sizes = parameters.map(({ shape }) => sizeOf(shape));
    const weights = parameters.filter(({ role }) => role === "weight")
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    const products = isFirst ? 2 : 3;
    if (weights > 0) isFirst = false;
    return {
      name,
      inputs,
      outputs: layers[index + 1]?.inputs ?? last,
      shapes: Object.fromEntries(parameters.map(({ name, shape }) => [name, shape])),
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      operations: 2 * weights * products,
    };
  });
  const total = (key: "parameters" | "operations") => rows.reduce((sum, row) => sum + row[key], 0);
  return { layers: rows, parameters: total("parameters"), operations: total("operations") };
}

/**
 * Returns the smallest memory [bytes] that training needs: for the parameters, their gradients and the slots of
 * the optimizer, and for the inputs of every layer and their gradients, for all samples of a batch.
 *
 * @param batch number of samples in a batch
 * @param slots number of values that the optimizer keeps for each parameter
 */
export function trainingBytes(
  { layers, parameters }: Outline,
  { batch, slots }: { readonly batch: number; readonly slots: number },
): number {
  const widths = layers.reduce((sum, { inputs }) => sum + inputs, 0) +
    (layers.at(-1)?.outputs ?? 0);
  return 4 * (parameters * (2 + slots) + 2 * batch * widths);
}
