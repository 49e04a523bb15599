/**
 * Parameter groups: parameters that are updated together, as one vector with named views.
 *
 * The parameters, the gradients and each slot of the optimizer are such vectors, so an update is one
 * pass over memory, however many layers there are. There are as many groups as there are ways to be
 * updated: one, unless weights are kept small or an optimizer leaves some parameters to another.
 *
 * @module
 */
import type { Network, ParameterSpec, Regularization, Tensors } from "../nn/mod.ts";
import { concatenate, sizeOf, slice, type Tensor } from "../tensor/mod.ts";
import type { Optimizer, PlacedParameter } from "./optimizers/optimizer.ts";
import { defined } from "../config/defined.ts";

/** Parameters that are updated together. */
export interface ParameterGroup {
  /** Name of the group; its tensors in the state begin with it. */
  readonly name: string;
  /** Its parameters in the order of the network. */
  readonly parameters: readonly PlacedParameter[];
  /** Number of elements of the group's vectors. */
  readonly size: number;
}

/** Parameters that are updated in one way. */
export interface UpdateGroup extends ParameterGroup {
  /** The rule of update. */
  readonly optimizer: Optimizer;
  /** What keeps them small; what is not said does not apply. */
  readonly regularization: Regularization;
}

/** How the parameters of a network are updated. */
export interface UpdateRule {
  /** The rule of update. */
  readonly optimizer: Optimizer;
  /** What keeps all weights small of which the layer says nothing else; biases are left alone. */
  readonly regularization?: Regularization | undefined;
}

/**
 * Groups of a network's parameters by how they are updated: "all" if that is one way, else "group1" and
 * so on, in the order of the network.
 *
 * @throws {TypeError} if an optimizer refuses a parameter and leaves it to no other
 */
export function updateGroups(network: Network, updateRule: UpdateRule): readonly UpdateGroup[] {
  const hidden = hiddenWeights(network);
  const rules = Map.groupBy(
    network.parameters.map((spec) => ({
      spec,
      ...ruleOf(spec, hidden.has(spec.name), updateRule),
    })),
    ({ level, regularization }) => JSON.stringify([level, regularization]),
  );
  const named = [...rules.values()].map((members, index) =>
    [rules.size === 1 ? "all" : `group${index + 1}`, members] as const
  );
  const names = named.map(([name, members]) => [name, members.map(({ spec }) => spec.name)]);
  return parameterGroups(network, Object.fromEntries(names)).map((group, index) => {
    const [{ optimizer, regularization }] = named[index][1];
    return { ...group, optimizer, regularization };
  });
}

/** Names of the weight matrices that are neither the first nor the last of the network. */
function hiddenWeights({ parameters }: Network): ReadonlySet<string> {
  const matrices = parameters.filter(({ role, shape }) => role === "weight" && shape.length === 2);
  return new Set(matrices.slice(1, -1).map(({ name }) => name));
}

interface AssignedRule {
  /** Which optimizer in the chain of those that leave parameters to each other. */
  readonly level: number;
  readonly optimizer: Optimizer;
  readonly regularization: Regularization;
}

function ruleOf(spec: ParameterSpec, isHidden: boolean, updateRule: UpdateRule): AssignedRule {
  const { name, shape } = spec;
  let { optimizer } = updateRule;
  let level = 0;
  for (; optimizer.takes?.({ name, shape, isHidden }) === false; level++) {
    if (optimizer.others === undefined) {
      throw new TypeError(
        `Cannot group parameters: expected an optimizer that updates "${name}": received none`,
      );
    }
    optimizer = optimizer.others;
  }
  const { weightDecay } = optimizer;
  const common = spec.role === "weight"
    ? { ...defined({ weightDecay }), ...updateRule.regularization }
    : {};
  return { level, optimizer, regularization: inEffect({ ...common, ...spec.regularization }) };
}

/** Regularization without what changes nothing, its parts in one order. */
function inEffect({ l1, l2, weightDecay, maxNorm }: Regularization): Regularization {
  const parts = Object.entries({ l1, l2, weightDecay, maxNorm });
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined && value !== 0));
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
  return concatenate(parameters.map(({ name }) => tensors[name]));
}
