import { z } from "zod";
import { defined } from "../config/defined.ts";
import {
  type Field,
  fieldGroup,
  jsonField,
  optionalField,
  tensorField,
  withCheck,
} from "../run/codec/fields.ts";
import { throwReadError } from "../run/json.ts";
import type { ObservedNetwork, Observer } from "../train/observation/observer.ts";

/** Largest number of units whose weights are stored. */
const UNITS = 32;

/** Largest number of stored weights; if units have many inputs, fewer units are stored. */
const MOST_WEIGHTS = 100_000;

/** The first layer with weights, and the number of its units whose weights are stored. */
export interface ShownUnits {
  /** Name of the parameter with the weights: "dense1.weight". */
  readonly parameter: string;
  /** Number of units of the layer; for maxout, number of pieces of all units. */
  readonly units: number;
  /** Number of inputs of the layer. */
  readonly inputs: number;
  /** Number of units whose weights are stored. They are the first units of the layer. */
  readonly shown: number;
}

/** Weights of the first layer before and after training. */
export interface FirstLayer extends ShownUnits {
  /**
   * Weights before the first step [shown, inputs]. They are missing if the run continues a run that did not
   * store them.
   */
  readonly before?: Float32Array<ArrayBuffer>;
  /** Weights of the trained network [shown, inputs]; missing until the end of training. */
  readonly after?: Float32Array<ArrayBuffer>;
}

const count = z.int().min(1);

/** Schema of {@linkcode ShownUnits}. */
export const shownUnitsSchema: z.ZodType<ShownUnits> = z.strictObject({
  parameter: z.string(),
  units: count,
  inputs: count,
  shown: count,
});

const units = jsonField(
  shownUnitsSchema,
  "parameter that has the weights, and numbers of its units and inputs, and of the units shown",
);
const weights = (doc: string) => optionalField(tensorField("F32", ["shown", "inputs"], doc));

/** Fields in which the weights are stored. */
const fields: Field<FirstLayer> = withCheck(
  fieldGroup({
    before: weights("weights into the first units, before training"),
    after: weights("the same of the network that training gave"),
  }, units),
  ({ before, after }, { source }) => {
    if (before === undefined && after === undefined) {
      throwReadError(source, 'tensor "first.after"', "none");
    }
  },
);

/** Observer of the weights of the first layer, before and after training. */
export const firstLayer: Observer<FirstLayer> = {
  name: "first",
  fields,
  training: {
    isDue: ({ step }) => step === 0,
    observe(network) {
      const found = firstLayerWeights(network);
      return found && { ...found.units, before: found.weights };
    },
  },
  trained(network, before) {
    const found = firstLayerWeights(network);
    return found &&
      { ...found.units, ...defined({ before: before?.before }), after: found.weights };
  },
};

/**
 * Returns the weights [shown, inputs] into the first units of the first layer with weights, and the numbers of
 * its units. At most 100,000 weights are returned. Returns undefined if no layer has weights, or if one unit has more than 100,000.
 *
 * @param maxUnits largest number of units. Defaults to 32.
 */
export function firstLayerWeights(
  { network, parameters }: ObservedNetwork,
  maxUnits: number = UNITS,
): { readonly units: ShownUnits; readonly weights: Float32Array<ArrayBuffer> } | undefined {
  const spec = network.parameters.find(({ role, shape }) =>
    role === "weight" && shape.length === 2
  );
  if (spec === undefined) return undefined;
  const [inputs, units] = spec.shape as readonly [number, number];
  const shown = Math.min(units, maxUnits, Math.floor(MOST_WEIGHTS / inputs));
  if (shown === 0) return undefined;
  const data = parameters.get(spec.name)?.data ?? new Float32Array();
  const weights = new Float32Array(shown * inputs);
  for (let unit = 0; unit < shown; unit++) {
    for (let i = 0; i < inputs; i++) weights[unit * inputs + i] = data[i * units + unit];
  }
  return { units: { parameter: spec.name, units, inputs, shown }, weights };
}
