/**
 * What was looked at of a training, in checkpoints and in observations.
 *
 * @module
 */
import { z } from "zod";
import { converted, type Field, group, json, optional, tensor } from "./codec/fields.ts";
import type { FirstLayer, UnitWeights } from "./observed.ts";

const count = z.int().min(1);
const units = json(
  z.strictObject({ parameter: z.string(), units: count, inputs: count, shown: count }),
  "parameter that has the weights, and numbers of its units and inputs, and of the units shown",
);
const SHAPE = ["shown", "inputs"];
const BEFORE = tensor("F32", SHAPE, "weights into the first units, before training");

/** Weights of the first layer before training. */
export const FIRST_WEIGHTS: Field<UnitWeights> = converted(group({ before: BEFORE }, units), {
  encode: ({ weights, ...about }) => ({ ...about, before: weights }),
  decode: ({ before, ...about }) => ({ ...about, weights: before }),
});

/** Weights of the first layer before and after training. */
export const FIRST_LAYER: Field<FirstLayer> = group({
  before: optional(BEFORE),
  after: tensor("F32", SHAPE, "the same of the network that training gave"),
}, units);
