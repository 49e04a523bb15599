import { z } from "zod";
import { defined } from "../config/defined.ts";
import { checked, type Field, group, json, optional, tensor } from "../run/codec/fields.ts";
import { refuse } from "../run/json.ts";
import type { ObservedNetwork, Observer } from "../train/observation/observer.ts";

/** Units whose weights are kept, at most. */
const UNITS = 32;

/** Weights that are kept, at most. */
const MOST_WEIGHTS = 100_000;

/** Units of the first layer with weights, of which some are shown. */
export interface ShownUnits {
  /** Name of the parameter, "dense1.weight". */
  readonly parameter: string;
  /** Units that the layer has; of maxout, pieces of units. */
  readonly units: number;
  readonly inputs: number;
  /** Units whose weights are kept, the first ones. */
  readonly shown: number;
}

export interface FirstLayer extends ShownUnits {
  /** Before the first step [shown, inputs]; not of a run that goes on from one that did not keep them. */
  readonly before?: Float32Array<ArrayBuffer>;
  /** Of the network that training gave [shown, inputs]; not before the end of training. */
  readonly after?: Float32Array<ArrayBuffer>;
}

const count = z.int().min(1);

/** Schema of {@linkcode ShownUnits}. */
export const shownUnits: z.ZodType<ShownUnits> = z.strictObject({
  parameter: z.string(),
  units: count,
  inputs: count,
  shown: count,
});

const units = json(
  shownUnits,
  "parameter that has the weights, and numbers of its units and inputs, and of the units shown",
);
const weights = (doc: string) => optional(tensor("F32", ["shown", "inputs"], doc));

const fields: Field<FirstLayer> = checked(
  group({
    before: weights("weights into the first units, before training"),
    after: weights("the same of the network that training gave"),
  }, units),
  ({ before, after }, { what }) => {
    if (before === undefined && after === undefined) refuse(what, 'tensor "first.after"', "none");
  },
);

export const firstLayer: Observer<FirstLayer> = {
  name: "first",
  fields,
  training: {
    isDue: ({ step }) => step === 0,
    observe(network) {
      const found = firstWeights(network);
      return found && { ...found.units, before: found.weights };
    },
  },
  trained(network, before) {
    const found = firstWeights(network);
    return found &&
      { ...found.units, ...defined({ before: before?.before }), after: found.weights };
  },
};

/**
 * Returns the weights [shown, inputs] into the first units of the first layer that has weights, as many as
 * there is room for; undefined if there is no such layer, or no room for one unit.
 *
 * @param most the largest number of units
 */
export function firstWeights(
  { network, parameters }: ObservedNetwork,
  most: number = UNITS,
): { readonly units: ShownUnits; readonly weights: Float32Array<ArrayBuffer> } | undefined {
  const spec = network.parameters.find(({ role, shape }) =>
    role === "weight" && shape.length === 2
  );
  if (spec === undefined) return undefined;
  const [inputs, units] = spec.shape as readonly [number, number];
  const shown = Math.min(units, most, Math.floor(MOST_WEIGHTS / inputs));
  if (shown === 0) return undefined;
  const data = parameters.get(spec.name)?.data ?? new Float32Array();
  const weights = new Float32Array(shown * inputs);
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < inputs; i++) weights[unit * inputs + i] = data[i * units + unit];
  }
  return { units: { parameter: spec.name, units, inputs, shown }, weights };
}
