import { compile } from "../../engine/compiler/compile.ts";
import { openLocalMachine } from "../../engine/workers/machine.ts";
import { initialLayerState, initialParameters, type Network } from "../../nn/mod.ts";
import type { ParameterValue } from "../../train/state.ts";

/** Computes the first parameters and layer states of a network, by name. */
export function initialValues(
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
