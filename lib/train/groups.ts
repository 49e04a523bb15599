/**
 * Parameter groups: parameters that are updated together, as one vector with named views.
 *
 * The parameters, the gradients and each slot of the optimizer are such vectors, so an update is one
 * pass over memory, however many layers there are.
 *
 * @module
 */

import type { Network, Tensors } from "../nn/mod.ts";
import { concatenate, type Shape, sizeOf, slice, type Tensor } from "../tensor/mod.ts";

/** A parameter at its place in the vector of its group. */
export interface PlacedParameter {
  /** Name in the network, for example "dense1.weight". */
  readonly name: string;
  /** Shape of its view. */
  readonly shape: Shape;
  /** Where its elements begin, row-major. */
  readonly offset: number;
}

/** Parameters that are updated together. */
export interface ParameterGroup {
  /** Name of the group; its tensors in the state begin with it. */
  readonly name: string;
  /** Its parameters in the order of the network. */
  readonly parameters: readonly PlacedParameter[];
  /** Number of elements of the group's vectors. */
  readonly size: number;
}

/**
 * Groups of a network's parameters, given the names in each; in a group they keep the network's order.
 *
 * @throws {RangeError} if a parameter is in no group or in two, or a name is not the network's
 */
export function parameterGroups(
  network: Network,
  members: Readonly<Record<string, readonly string[]>>,
): readonly ParameterGroup[] {
  const known = network.parameters.map(({ name }) => name);
  const grouped = Object.values(members).flat();
  for (const name of new Set([...known, ...grouped])) {
    const times = grouped.filter((member) => member === name).length;
    if (known.includes(name) && times === 1) continue;
    throw new RangeError(
      `Cannot group parameters: expected each parameter of the network once: received "${name}" ${
        known.includes(name) ? `${times} times` : "which it does not have"
      }`,
    );
  }
  return Object.entries(members).map(([name, names]) => place(name, names, network));
}

function place(name: string, names: readonly string[], network: Network): ParameterGroup {
  let size = 0;
  const parameters = network.parameters.filter((parameter) => names.includes(parameter.name))
    .map((parameter): PlacedParameter => {
      const offset = size;
      size += sizeOf(parameter.shape);
      return { name: parameter.name, shape: parameter.shape, offset };
    });
  return { name, parameters, size };
}

/** One group "all" of all parameters. */
export function oneGroup(network: Network): readonly ParameterGroup[] {
  return parameterGroups(network, { all: network.parameters.map(({ name }) => name) });
}

/** The parameters that a group's vector [size] consists of, by name. */
export function viewsOf({ parameters }: ParameterGroup, vector: Tensor): Tensors {
  return Object.fromEntries(
    parameters.map(({ name, shape, offset }) => [name, slice(vector, offset, shape)]),
  );
}

/** The group's vector [size] of named tensors. */
export function vectorOf({ parameters }: ParameterGroup, tensors: Tensors): Tensor {
  return concatenate(parameters.map(({ name }) => tensors[name] as Tensor));
}
