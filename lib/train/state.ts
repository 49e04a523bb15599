/**
 * The state of a training as vectors by name, row-major, in the form of checkpoints. Functions read it from a
 * machine, write it to one, and convert it to and from parameters.
 *
 * @module
 */
import type { Spaces } from "../engine/backend.ts";
import { convertLayout } from "../engine/program/program.ts";
import type { Network } from "../nn/mod.ts";
import { sizeOf } from "../tensor/mod.ts";
import type { ParameterGroup } from "../optim/parameter_groups.ts";
import { averageName, parametersName } from "./step/options.ts";

/** Elements of each state tensor by name, row-major. */
export type StateValues = ReadonlyMap<string, Float32Array<ArrayBuffer>>;

/** A parameter: its shape and its elements, row-major. */
export interface ParameterValue {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: Float32Array<ArrayBuffer>;
}

/** Copies the state tensors `names` out of a machine. Returns their elements by name, row-major. */
export function readState(machine: Spaces, names: readonly string[]): StateValues {
  return new Map(names.map((name) => {
    const values = new Float32Array(machine.floats(`in:${name}`));
    return [name, convertLayout(values, machine.layouts[name] ?? [], "rows")];
  }));
}

/**
 * Copies the state tensors `names` from `state` into a machine.
 *
 * @throws {RangeError} if a tensor is missing from the state or has another length
 */
export function writeState(machine: Spaces, names: readonly string[], state: StateValues): void {
  for (const name of names) {
    const target = machine.floats(`in:${name}`);
    const values = state.get(name);
    if (values?.length !== target.length) {
      throw new RangeError(
        `Cannot set state "${name}": expected ${target.length} numbers: received ${
          values?.length ?? "none"
        }`,
      );
    }
    target.set(convertLayout(values, machine.layouts[name] ?? [], "panels"));
  }
}

/**
 * Copies parameters ("dense1.weight") and layer states ("batchNorm1.mean") out of a state. Returns them by
 * name.
 *
 * @param named returns the name of the state tensor to read in place of the given one, for example
 *   `averageName` to read averages. Defaults to the given name
 */
export function parametersOf(
  { network, groups }: { readonly network: Network; readonly groups: readonly ParameterGroup[] },
  state: StateValues,
  named: (name: string) => string = (name) => name,
): ReadonlyMap<string, ParameterValue> {
  const valuesOf = (name: string) => state.get(named(name)) as Float32Array<ArrayBuffer>;
  const parameters = groups.flatMap((group) =>
    group.parameters.map(({ name, shape, offset }): [string, ParameterValue] => [
      name,
      { shape, data: valuesOf(parametersName(group)).slice(offset, offset + sizeOf(shape)) },
    ])
  );
  const kept = network.state.map(({ name, shape }): [string, ParameterValue] => [
    name,
    { shape, data: valuesOf(name).slice() },
  ]);
  return new Map([...parameters, ...kept]);
}

/**
 * Returns a copy of a state with other parameters and layer states. Their averages, if any, get the same
 * values. The slots of optimizers are unchanged.
 *
 * @throws {TypeError} if a parameter or layer state is missing or has another shape than in the network
 */
export function replaceParameters(
  { network, groups }: { readonly network: Network; readonly groups: readonly ParameterGroup[] },
  state: StateValues,
  parameters: ReadonlyMap<string, ParameterValue>,
): StateValues {
  const others = stateOf(network, groups, parameters);
  const averages = [...others].map(([name, values]) => [averageName(name), values] as const)
    .filter(([name]) => state.has(name));
  return new Map([...state, ...others, ...averages]);
}

/**
 * Builds the state that predictions need from the parameters and layer states of a network.
 *
 * @throws {TypeError} if a parameter or layer state is missing or has another shape than in the network
 */
export function stateOf(
  network: Network,
  groups: readonly ParameterGroup[],
  parameters: ReadonlyMap<string, ParameterValue>,
): StateValues {
  const valueOf = (name: string, shape: readonly number[]): Float32Array => {
    const found = parameters.get(name);
    if (found !== undefined && found.shape.join() === shape.join()) return found.data;
    throw new TypeError(
      `Cannot set parameter "${name}": expected shape [${shape.join(", ")}]: received ${
        found === undefined ? "none" : `[${found.shape.join(", ")}]`
      }`,
    );
  };
  const vectors = groups.map((group): [string, Float32Array<ArrayBuffer>] => {
    const vector = new Float32Array(group.size);
    for (const { name, shape, offset } of group.parameters) {
      vector.set(valueOf(name, shape), offset);
    }
    return [parametersName(group), vector];
  });
  const kept = network.state.map(({ name, shape }): [string, Float32Array<ArrayBuffer>] => [
    name,
    Float32Array.from(valueOf(name, shape)),
  ]);
  return new Map([...vectors, ...kept]);
}
