/**
 * Takes training steps with the reference interpreter.
 *
 * @module
 */

import { type Bindings, evaluate, type Precision } from "../../lib/engine/reference/reference.ts";
import type { Tensors } from "../../lib/nn/mod.ts";
import type { Step } from "../../lib/train/mod.ts";

/** Elements by name. */
export type Values = Readonly<Record<string, readonly number[]>>;

/** Elements of named tensors. */
export function named(tensors: Tensors, bindings: Bindings, precision: Precision = "f64"): Values {
  const values = evaluate(Object.values(tensors), bindings, precision);
  return Object.fromEntries(
    Object.keys(tensors).map((name, index) => [name, [...values[index] ?? []]]),
  );
}

/** Outputs and state after one step from a state, in double precision. */
export function take(
  step: Step,
  state: Values,
  { inputs, sources }: Bindings,
): { readonly outputs: Values; readonly state: Values } {
  const bindings = { inputs: { ...state, ...inputs }, ...sources && { sources } };
  const both = named({ ...step.outputs, ...step.state }, bindings);
  const pick = (of: Tensors) =>
    Object.fromEntries(Object.keys(of).map((name) => [name, both[name] ?? []]));
  return { outputs: pick(step.outputs), state: { ...state, ...pick(step.state) } };
}
