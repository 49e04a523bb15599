/**
 * Parameter groups: parameters with one update rule, stored as one vector with named views.
 *
 * Parameters, gradients and each slot of the optimizer are such vectors, so an update is one pass over
 * memory, however many layers there are. A network has one group for each update rule: a single group of all
 * parameters, unless weights are regularized or an optimizer leaves some parameters to another.
 *
 * @module
 */
import type { Network, ParameterSpec, Regularization, Tensors } from "../nn/mod.ts";
import { concatenate, sizeOf, slice, type Tensor } from "../tensor/mod.ts";
import type { Optimizer, PlacedParameter } from "./optimizers/optimizer.ts";
import { defined } from "../config/defined.ts";

/** Parameters that are stored as one vector. */
export interface ParameterGroup {
  /** Name, with which the names of the group's state tensors begin. */
  readonly name: string;
  /** Parameters in the order of the network. */
  readonly parameters: readonly PlacedParameter[];
  /** Number of elements of the group's vectors. */
  readonly size: number;
}

/** A parameter group with its update rule. */
export interface UpdateGroup extends ParameterGroup {
  /** Optimizer. */
  readonly optimizer: Optimizer;
  /** Regularization of the group's parameters, with all defaults applied. */
  readonly regularization: Regularization;
}

/** The update rule of a network's parameters. */
export interface UpdateRule {
  /** Optimizer. */
  readonly optimizer: Optimizer;
  /** Default regularization for weights whose layer sets none; never applied to biases. */
  readonly regularization?: Regularization | undefined;
}

/**
 * Groups a network's parameters by update rule. A single group is named "all"; several are named "group1",
 * "group2" and so on, in the order of the network.
 *
 * @throws {TypeError} if no optimizer updates a parameter
 */
export function updateGroups(network: Network, updateRule: UpdateRule): readonly UpdateGroup[] {
  const hidden = findHiddenWeights(network);
  const rules = Map.groupBy(
    network.parameters.map((spec) => ({
      spec,
      ...assignRule(spec, hidden.has(spec.name), updateRule),
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

/** Returns the names of all weight matrices of the network except the first and the last. */
function findHiddenWeights({ parameters }: Network): ReadonlySet<string> {
  const matrices = parameters.filter(({ role, shape }) => role === "weight" && shape.length === 2);
  return new Set(matrices.slice(1, -1).map(({ name }) => name));
}

/** The optimizer and regularization of one parameter. */
interface AssignedRule {
  /** Number of optimizers that left the parameter to their `others` before this one took it. */
  readonly level: number;
  readonly optimizer: Optimizer;
  readonly regularization: Regularization;
}

/**
 * Returns the optimizer and regularization that an update rule assigns to a parameter.
 *
 * @throws {TypeError} if no optimizer updates the parameter
 */
function assignRule(spec: ParameterSpec, isHidden: boolean, updateRule: UpdateRule): AssignedRule {
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
  return {
    level,
    optimizer,
    regularization: normalizeRegularization({ ...common, ...spec.regularization }),
  };
}

/**
 * Returns a regularization without values that are zero or undefined, and with its keys in a fixed order,
 * so that equal rules compare as equal.
 */
function normalizeRegularization({ l1, l2, weightDecay, maxNorm }: Regularization): Regularization {
  const parts = Object.entries({ l1, l2, weightDecay, maxNorm });
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined && value !== 0));
}

/**
 * Groups a network's parameters. `members` has the parameter names of each group, by the group's name.
 * Within a group, parameters keep the network's order.
 *
 * @throws {RangeError} if a parameter is in no group or in two, or a name is not that of a parameter
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
  return Object.entries(members).map(([name, names]) => placeParameters(name, names, network));
}

/** Returns the group of the parameters with these names, each with its offset in the group's vector. */
function placeParameters(
  groupName: string,
  parameterNames: readonly string[],
  network: Network,
): ParameterGroup {
  let size = 0;
  const parameters = network.parameters.filter((parameter) =>
    parameterNames.includes(parameter.name)
  )
    .map((parameter): PlacedParameter => {
      const offset = size;
      size += sizeOf(parameter.shape);
      return { name: parameter.name, shape: parameter.shape, offset };
    });
  return { name: groupName, parameters, size };
}

/** Returns a single group, "all", of all parameters of a network. */
export function oneGroup(network: Network): readonly ParameterGroup[] {
  return parameterGroups(network, { all: network.parameters.map(({ name }) => name) });
}

/** Returns the parameters of a group by name, as views of its vector [size]. */
export function viewsOf({ parameters }: ParameterGroup, vector: Tensor): Tensors {
  return Object.fromEntries(
    parameters.map(({ name, shape, offset }) => [name, slice(vector, offset, shape)]),
  );
}

/**
 * Concatenates the tensors of a group's parameters to the group's vector [size]. `tensors` has the tensors
 * of all parameters by name.
 */
export function vectorOf({ parameters }: ParameterGroup, tensors: Tensors): Tensor {
  return concatenate(parameters.map(({ name }) => tensors[name]));
}
