/**
 * Residual block (He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016,
 * equation 1): layers whose output is added to their input.
 *
 *     forward    y  = x + f(x)              x, y, dx, dy [batch, n]     f: the layers in sequence
 *     backward   dx = dy + dx of f for dy
 *
 * Names of the layers' tensors begin with the block's name: "residual1.dense2.weight".
 *
 * @module
 */
import { z } from "zod";
import { type Entry, entry, type Schema } from "../../config/registry.ts";
import { defined } from "../../config/defined.ts";
import { add, dimension } from "../../tensor/mod.ts";
import { backwardWithin, forwardWithin, type Network, network } from "../network.ts";
import { type Layer, namedLayers } from "./layer.ts";

/**
 * Returns a block of layers whose output is added to its input.
 *
 * {@linkcode network} throws a RangeError if the last layer has another number of outputs than the first has
 * inputs.
 */
export function residual(layers: readonly Layer[]): Layer {
  const named = namedLayers(layers);
  return {
    kind: "residual",
    ...defined({ options: named && { layers: named } }),
    category: "weights",
    width: (inputs) => buildBlock(layers, inputs).outputs,
    parameters: (inputs) => buildBlock(layers, inputs).parameters,
    state: (inputs) => buildBlock(layers, inputs).state,
    forward(params, x, context) {
      const block = buildBlock(layers, dimension(x, 1));
      const { y, state } = forwardWithin(block, params, x, context);
      return { y: add(x, y), state };
    },
    backward(params, x, dy, context) {
      const block = buildBlock(layers, dimension(x, 1));
      const passed = forwardWithin(block, params, x, context);
      const { dx, grads } = backwardWithin(block, params, passed, { dy, context });
      return { dx: add(dy, dx), grads };
    },
  };
}

/**
 * Builds the network of a block's layers.
 *
 * @throws {RangeError} if it has another number of outputs than of inputs
 */
function buildBlock(layers: readonly Layer[], inputs: number): Network {
  const block = network(layers, inputs);
  if (block.outputs === inputs) return block;
  throw new RangeError(
    "Cannot add the output of a residual block to its input: expected a last layer of " +
      `${inputs} outputs, as many as the inputs of the first: received ${block.outputs}`,
  );
}

/** Options of a residual block. */
export interface ResidualOptions<Named> {
  /** The layers, from the input of the block to its output. */
  readonly layers: readonly Named[];
}

/**
 * Returns the registry entry by which configs name residual blocks. `singles` is the registry of the
 * layers that a block may have.
 */
export function residualEntry<Named>(
  singles: { readonly schema: Schema<Named>; create(named: Named): Layer },
): Entry<ResidualOptions<Named>, Layer> {
  const options: Schema<ResidualOptions<Named>> = z.strictObject({
    layers: z.array(z.lazy(() => singles.schema)).min(1).max(100)
      .describe("the layers of the block, without blocks; the last is as wide as the input"),
  });
  return entry({
    doc: "Residual block: y = x + f(x), with f its layers",
    options,
    create: ({ layers }) => residual(layers.map((named) => singles.create(named))),
  });
}
