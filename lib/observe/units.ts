/**
 * Outputs of the hidden units of an evaluated network over the plane of its two features.
 *
 * @module
 */
import { z } from "zod";
import { isFiniteVector } from "../tensor/math/math.ts";
import type { Network, Tensors } from "../nn/mod.ts";
import { type Field, group, json, tensor } from "../run/codec/fields.ts";
import { valueIn } from "../run/observations.ts";
import type { Observer } from "../train/observation/observer.ts";
import { boundary } from "./boundary.ts";
import { hiddenOutputs } from "./hidden.ts";
import { type Extent, gridOver } from "./plane.ts";

/** Cells of the grid along a side. */
export const UNITS_SIDE = 32;

/** Hidden layers that are shown, and units of each, at most: the first ones. */
const LAYERS = 3;
const UNITS = 16;

const CELLS = UNITS_SIDE * UNITS_SIDE;

/** A hidden layer whose units are shown. */
export interface ShownLayer {
  readonly layer: string;
  /** Units that it has. */
  readonly units: number;
  /** Units that are shown, the first ones. */
  readonly shown: number;
  /** Whether an activation function computes them, whose input is stored too. */
  readonly isActivated: boolean;
}

/** Outputs of hidden units over a grid of the plane, row by row from the largest value of the second feature. */
export interface Units {
  /** Smallest and largest value of both features in the grid [2, 2]. */
  readonly extent: Extent;
  readonly layers: readonly ShownLayer[];
  /** Outputs of the shown units, layer after layer [shown, side, side]. */
  readonly outputs: Float32Array<ArrayBuffer>;
  /** Inputs of their activation functions, of layers that have one [activated, side, side]. */
  readonly inputs: Float32Array<ArrayBuffer>;
}

const count = z.int().min(1);
const layers = json(
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
      shown: shownIn(layers),
      activated: shownIn(layers.filter(({ isActivated }) => isActivated)),
    }),
  },
);

const fields: Field<Units> = group({
  extent: tensor("F32", [2, 2], "smallest and largest value of both features in the grid"),
  outputs: tensor(
    "F32",
    ["shown", UNITS_SIDE, UNITS_SIDE],
    "outputs of the first hidden units over the grid, from its top",
  ),
  inputs: tensor(
    "F32",
    ["activated", UNITS_SIDE, UNITS_SIDE],
    "inputs of their activation functions, where layers have one",
  ),
}, layers);

/** Observer of the hidden units of a network of two features; stores nothing where a number is not finite. */
export const units: Observer<Units> = {
  name: "units",
  fields,
  evaluation: {
    samples(network, [first], before) {
      const found = valueIn(before, boundary, "observations");
      if (found === undefined || first === undefined || shownLayers(network).length === 0) {
        return undefined;
      }
      return { name: first.name, split: gridOver(found.extent, UNITS_SIDE) };
    },
    outputs: ({ network, inputs }): Tensors =>
      Object.fromEntries(
        shownLayers(network).flatMap(({ layer, readBy, activation }) => [
          [outputName(layer), inputs[readBy]],
          ...(activation === undefined ? [] : [[inputName(layer), inputs[activation]]]),
        ]),
      ),
    observe({ network, before, output }) {
      const found = valueIn(before, boundary, "observations");
      const shown = shownLayers(network);
      const ofLayers = (kept: typeof shown, nameOf: (layer: string) => string) =>
        joined(kept.map(({ layer, units, shown }) => byUnit(output(nameOf(layer)), units, shown)));
      const outputs = ofLayers(shown, outputName);
      const inputs = ofLayers(shown.filter(({ isActivated }) => isActivated), inputName);
      if (found === undefined || ![outputs, inputs].every(isFiniteVector)) return undefined;
      const layers = shown.map(({ readBy: _, activation: __, ...layer }) => layer);
      return { extent: found.extent, layers, outputs, inputs };
    },
  },
};

function outputName(layer: string): string {
  return `output.${layer}`;
}

function inputName(layer: string): string {
  return `input.${layer}`;
}

interface FoundLayer extends ShownLayer {
  /** Index of the layer that reads the outputs. */
  readonly readBy: number;
  /** Index of the activation function that computes them. */
  readonly activation: number | undefined;
}

/** Returns the first hidden layers. */
function shownLayers(network: Network): readonly FoundLayer[] {
  return hiddenOutputs(network).slice(0, LAYERS).map(({ layer, units, readBy }) => {
    let last = readBy - 1;
    while (network.layers[last].layer.category === "noise") last--;
    const activation = network.layers[last].layer.category === "activation" ? last : undefined;
    const isActivated = activation !== undefined;
    return { layer, units, shown: Math.min(units, UNITS), isActivated, readBy, activation };
  });
}

function shownIn(layers: readonly Pick<ShownLayer, "shown">[]): number {
  return layers.reduce((sum, { shown }) => sum + shown, 0);
}

/** Returns the values of the first units, unit after unit, of [cells, units]. */
function byUnit(values: Float32Array, units: number, shown: number): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(shown * CELLS);
  for (let unit = 0; unit < shown; unit++) {
    for (let cell = 0; cell < CELLS; cell++) {
      turned[unit * CELLS + cell] = values[cell * units + unit];
    }
  }
  return turned;
}

function joined(arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(arrays.flatMap((values) => [...values]));
}
