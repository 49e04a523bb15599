/**
 * Builds expressions of a network that have its parameters and layer states as inputs, and writes their values.
 *
 * @module
 */
import type { Normalization, Samples } from "../../data/dataset.ts";
import type { Spaces } from "../../engine/backend.ts";
import { compile } from "../../engine/compiler/compile.ts";
import type { Program } from "../../engine/program/program.ts";
import { openLocalMachine } from "../../engine/workers/machine.ts";
import { initialLayerState, initialParameters, type Network } from "../../nn/mod.ts";
import { input, sizeOf } from "../../tensor/mod.ts";
import type { Trained } from "../../train/inference/trained.ts";
import { type ParameterValue, writeState } from "../../train/state.ts";
import { normalizationInputs } from "../../train/step/batch.ts";
import type { DifferentiatedModel } from "../../train/step/loss_and_gradients.ts";

/**
 * Returns a network in inference mode as expressions, whose inputs are its parameters and layer states, under
 * their own names.
 */
export function modelWithInputs(
  { network, loss }: Pick<Trained, "network" | "loss">,
): DifferentiatedModel {
  const named = ({ name, shape }: { readonly name: string; readonly shape: readonly number[] }) =>
    [name, input(name, shape)] as const;
  const state = Object.fromEntries(network.state.map(named));
  const parameters = Object.fromEntries(network.parameters.map(named));
  return { network, loss, parameters, context: { state, training: undefined } };
}

/** Returns whether at least one of the programs has an input `name`. */
export function readsInput(programs: Readonly<Record<string, Program>>, name: string): boolean {
  return Object.values(programs).some(({ spaces }) => `in:${name}` in spaces);
}

/**
 * Writes the parameters, layer states and normalization of a trained network to a machine's memory. Tensors that
 * no program reads are left out.
 *
 * @param machine machine that runs `programs`
 */
export function writeModel(
  machine: Spaces,
  programs: Readonly<Record<string, Program>>,
  { parameters, normalization, shape }: Trained,
): void {
  const state = new Map([
    ...[...parameters].map(([name, { data }]) => [name, data] as const),
    ...normalizationInputs(normalization, sizeOf(shape)),
  ]);
  writeState(machine, [...state.keys()].filter((name) => readsInput(programs, name)), state);
}

/** Computes the parameters and layer states of a network before training, by name. */
export function computeInitialValues(
  network: Network,
  seed: number,
): ReadonlyMap<string, ParameterValue> {
  const tensors = { ...initialParameters(network, seed), ...initialLayerState(network) };
  const programs = { initialize: compile({ outputs: tensors }) };
  const machine = openLocalMachine({ programs, sources: {}, perStep: [], steps: 1 });
  machine.run("initialize");
  return new Map(
    Object.entries(tensors).map(([name, { shape }]) => [
      name,
      { shape, data: Float32Array.from(machine.floats(`out:${name}`)) },
    ]),
  );
}

/**
 * Multiplies the features of samples by the scale of a normalization, without subtracting its shift: [rows,
 * features].
 *
 * @param values raw features of the samples, row-major [rows, features]
 * @param features number of features of each sample
 */
export function scaleFeatures(
  { scale }: Normalization,
  values: Samples["values"],
  features: number,
): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    values,
    (value, i) => value * (typeof scale === "number" ? scale : scale[i % features]),
  );
}
