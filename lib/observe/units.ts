/**
 * Observes the outputs of a trained network's hidden units over the plane of its two features.
 *
 * @module
 */
import { z } from "zod";
import { isFiniteVector } from "../tensor/math/math.ts";
import type { Network, Tensors } from "../nn/mod.ts";
import { type Field, fieldGroup, jsonField, tensorField } from "../run/codec/fields.ts";
import { valueIn } from "../run/observations.ts";
import type { Observer } from "../train/observation/observer.ts";
import { boundary } from "./boundary.ts";
import { hiddenOutputs } from "./hidden.ts";
import { type Extent, gridSamples } from "./plane.ts";

/** Number of cells along each side of the grid over the plane. */
export const UNITS_SIDE = 32;

/** Largest number of observed hidden layers; they are the first ones of the network. */
const LAYERS = 3;

/** Largest number of observed units of a layer; they are the first ones of the layer. */
const UNITS = 16;

/** Number of cells of the grid. */
const CELLS = UNITS_SIDE * UNITS_SIDE;

/** A hidden layer, and the number of its observed units. */
export interface ShownLayer {
  /** Name of the layer. */
  readonly layer: string;
  /** Number of units of the layer. */
  readonly units: number;
  /** Number of units that are observed, from the first one. */
  readonly shown: number;
  /** Whether an activation function computes the outputs. Its inputs are then stored too. */
  readonly isActivated: boolean;
}

/**
 * Outputs of hidden units at the cells of a grid over the plane. The rows of the grid begin at the largest
 * value of the second feature.
 */
export interface Units {
  /** Smallest and largest value of both features in the grid [2, 2]. */
  readonly extent: Extent;
  /** Observed layers, in the order of the network. */
  readonly layers: readonly ShownLayer[];
  /** Outputs of the observed units of all layers, in the order of the layers [shown, side, side]. */
  readonly outputs: Float32Array<ArrayBuffer>;
  /**
   * Inputs of the activation functions of the observed units [activated, side, side]. Layers without an
   * activation function have none.
   */
  readonly inputs: Float32Array<ArrayBuffer>;
}

const count = z.int().min(1);
const layers = jsonField(
  z.strictObject({
    layers: z.array(z.strictObject({
      layer: z.string(),
      units: count,
      shown: count,
      isActivated: z.boolean(),
    })).min(1),
  }),
  "hidden layers, and numbers of their units",
  {
    lengths: ({ layers }) => ({
      shown: countShownUnits(layers),
      activated: countShownUnits(layers.filter(({ isActivated }) => isActivated)),
    }),
  },
);

/** Fields in which the outputs are stored. */
const fields: Field<Units> = fieldGroup({
  extent: tensorField("F32", [2, 2], "smallest and largest value of both features in the grid"),
  outputs: tensorField(
    "F32",
    ["shown", UNITS_SIDE, UNITS_SIDE],
    "outputs of the first hidden units over the grid, from its top",
  ),
  inputs: tensorField(
    "F32",
    ["activated", UNITS_SIDE, UNITS_SIDE],
    "inputs of their activation functions, where layers have one",
  ),
}, layers);

/**
 * Observer of the hidden units of a network with two input features. Stores nothing if a value is not finite.
 */
export const units: Observer<Units> = {
  name: "units",
  fields,
  evaluation: {
    samples(network, [first], before) {
      const found = valueIn(before, boundary, "observations");
      if (found === undefined || first === undefined || firstHiddenLayers(network).length === 0) {
        return undefined;
      }
      return { name: first.name, split: gridSamples(found.extent, UNITS_SIDE) };
    },
    outputs: ({ network, inputs }): Tensors =>
      Object.fromEntries(
        firstHiddenLayers(network).flatMap(({ layer, readBy, activation }) => [
          [outputName(layer), inputs[readBy]],
          ...(activation === undefined ? [] : [[inputName(layer), inputs[activation]]]),
        ]),
      ),
    observe({ network, before, output }) {
      const found = valueIn(before, boundary, "observations");
      const shown = firstHiddenLayers(network);
      const ofLayers = (kept: typeof shown, nameOf: (layer: string) => string) =>
        concatenate(
          kept.map(({ layer, units, shown }) =>
            transposeUnits(output(nameOf(layer)), units, shown)
          ),
        );
      const outputs = ofLayers(shown, outputName);
      const inputs = ofLayers(shown.filter(({ isActivated }) => isActivated), inputName);
      if (found === undefined || ![outputs, inputs].every(isFiniteVector)) return undefined;
      const layers = shown.map(({ readBy: _, activation: __, ...layer }) => layer);
      return { extent: found.extent, layers, outputs, inputs };
    },
  },
};

/** Returns the name under which the outputs of a layer are computed. */
function outputName(layer: string): string {
  return `output.${layer}`;
}

/** Returns the name under which the inputs of a layer's activation function are computed. */
function inputName(layer: string): string {
  return `input.${layer}`;
}

/** An observed layer, and where the network computes its values. */
interface LocatedLayer extends ShownLayer {
  /** Index, in the network, of the layer whose input is this layer's output. */
  readonly readBy: number;
  /** Index of the layer's activation function in the network; undefined if it has none. */
  readonly activation: number | undefined;
}

/** Returns the first hidden layers of a network, at most three. */
function firstHiddenLayers(network: Network): readonly LocatedLayer[] {
  return hiddenOutputs(network).slice(0, LAYERS).map(({ layer, units, readBy }) => {
    let last = readBy - 1;
    while (network.layers[last].layer.category === "noise") last--;
    const activation = network.layers[last].layer.category === "activation" ? last : undefined;
    const isActivated = activation !== undefined;
    return { layer, units, shown: Math.min(units, UNITS), isActivated, readBy, activation };
  });
}

/** Returns the total number of observed units of some layers. */
function countShownUnits(layers: readonly Pick<ShownLayer, "shown">[]): number {
  return layers.reduce((sum, { shown }) => sum + shown, 0);
}

/** Transposes values [cells, units], and returns those of the first `shown` units [shown, cells]. */
function transposeUnits(
  values: Float32Array,
  units: number,
  shown: number,
): Float32Array<ArrayBuffer> {
  const transposed = new Float32Array(shown * CELLS);
  for (let unit = 0; unit < shown; unit++) {
    for (let cell = 0; cell < CELLS; cell++) {
      transposed[unit * CELLS + cell] = values[cell * units + unit];
    }
  }
  return transposed;
}

/** Copies arrays, one after the other, into one array. */
function concatenate(arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(arrays.flatMap((values) => [...values]));
}
