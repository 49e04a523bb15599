/**
 * The outline of a network: shapes, parameters and arithmetic of each layer, before anything is computed.
 *
 * @module
 */
import type { Network } from "../../nn/mod.ts";
import { sizeOf } from "../../tensor/mod.ts";

/** A row of the outline: a layer and its cost for one sample. */
export interface LayerOutline {
  /** Kind and number: "dense1". */
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Shapes of its parameters, by name within the layer. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly parameters: number;
  /** Floating-point operations of its products, forward and backward. */
  readonly operations: number;
}

/** The outline of a whole network. */
export interface Outline {
  readonly layers: readonly LayerOutline[];
  readonly parameters: number;
  /** Floating-point operations of the products of a training step, for one sample. */
  readonly operations: number;
}

/**
 * Returns the outline of a network. A product of x [1, n] and W [n, k] takes 2 n k operations. Training takes
 * three products of this size: forward, the gradient of W, and the gradient of x, which the first layer omits.
 * The count includes products with zero, which kernels skip, and excludes elementwise operations.
 */
export function outlineOf({ layers, outputs: last }: Network): Outline {
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
 * Returns the bytes that training keeps at least: parameters, their gradients, the optimizer's slots, and
 * for each sample of a batch the input of every layer and its gradient.
 *
 * @param slots numbers that the optimizer keeps for each parameter
 */
export function trainingBytes(
  { layers, parameters }: Outline,
  { batch, slots }: { readonly batch: number; readonly slots: number },
): number {
  const widths = layers.reduce((sum, { inputs }) => sum + inputs, 0) +
    (layers.at(-1)?.outputs ?? 0);
  return 4 * (parameters * (2 + slots) + 2 * batch * widths);
}
