/**
 * A training step divided among ranks, as expressions: what comes before and after each exchange.
 *
 *     gradients   each rank: forward, loss and backward of its nodes of the tree of micro-batches
 *     exchange    rank r receives slice r of the gradients of all nodes
 *     combine     rank r adds these slices by the tree
 *     gather      all ranks receive the slices of the sum
 *     update      each rank: the rest of the step, as in one process
 *
 * Tensors by name, for each parameter group (here the group "all"): the state "all.node0", the gradient of the
 * rank's first node; the input "all.slices", the received slices of all nodes, one after the other; and
 * "all.sum", the sum over all nodes, of which a rank computes its slice and then receives the whole. Losses,
 * right predictions and layer states are few numbers: each rank receives those of all nodes, "numbers", and
 * adds them itself. The input "requests" [2] asks all ranks to pause or to stop.
 *
 * @module
 */
import type { ParameterGroup } from "../../optim/parameter_groups.ts";
import {
  add,
  concatenate,
  input,
  reshape,
  type Shape,
  sizeOf,
  slice,
  type Tensor,
} from "../../tensor/mod.ts";
import { originsOf } from "../../nn/mod.ts";
import { addBatchGradients, type BatchGradients, batchGradients } from "../step/gradients.ts";
import type { TrainingOptions } from "../step/options.ts";
import { addByTree, type Leaves } from "../../tensor/micro_batches.ts";
import type { Step } from "../step/step.ts";

/** Number of elements by which a rank requests that all ranks pause or stop: one for each request. */
export const REQUESTS = 2;

/**
 * Returns the name of the state tensor with a group's gradient over one node; `nodeIndex` is the node's
 * index among those of the rank.
 */
export function nodeGradientName({ name }: ParameterGroup, nodeIndex: number): string {
  return `${name}.node${nodeIndex}`;
}

/**
 * Returns the name of the input with a group's gradient slices, one for each node, that the rank has
 * received.
 */
export function receivedSlicesName({ name }: ParameterGroup): string {
  return `${name}.slices`;
}

/**
 * Returns the name of the sum over all nodes: as an output it is the rank's slice of the sum, as an input the
 * whole sum.
 */
export function gradientSumName({ name }: ParameterGroup): string {
  return `${name}.sum`;
}

/**
 * Builds forward, loss and backward of the nodes of the tree of micro-batches that a rank computes. Output:
 * `numbers`, with the layer states, the loss and the number of right predictions of each node, then the
 * rank's requests.
 */
export function gradientsStep(options: TrainingOptions, nodes: readonly Leaves[]): Step {
  const { groups, network } = options;
  const computed = nodes.map((node) => batchGradients(options, node) as BatchGradients);
  const gradients = computed.flatMap(({ gradients }, index) =>
    groups.map((group, at) => [nodeGradientName(group, index), gradients[at]] as const)
  );
  const numbers = computed.flatMap(({ state, loss, correct }) => [
    ...network.state.map(({ name }) => state[name]),
    loss,
    correct,
  ]);
  return {
    outputs: { numbers: concatenate([...numbers, input("requests", [REQUESTS])]) },
    state: Object.fromEntries(gradients),
    origins: originsOf(computed.flatMap(({ origins }) => origins)),
  };
}

/**
 * Builds the sum of each group's gradient over all nodes of the tree of micro-batches, for the rank's slice of
 * the gradient.
 *
 * @param nodes nodes of all ranks, in order
 * @param sliceLengths length of the rank's slice of each group; groups with length 0 are left out
 */
export function combineStep(
  { groups, shards = 1 }: Pick<TrainingOptions, "groups" | "shards">,
  nodes: readonly Leaves[],
  sliceLengths: readonly number[],
): Step {
  const sums = groups.flatMap((group, at) => {
    const length = sliceLengths[at];
    if (length === 0) return [];
    const slices = input(receivedSlicesName(group), [nodes.length * length]);
    const sum = sumNodes(nodes, shards, (index) => slice(slices, index * length, [length]), add);
    return [[gradientSumName(group), sum] as const];
  });
  const tensors = sums.map(([, sum]) => sum);
  return {
    outputs: Object.fromEntries(sums),
    state: {},
    origins: originsOf([{ name: "sum over micro-batches", tensors }]),
  };
}

/**
 * Returns the number of elements that each node has in `numbers`: its layer states, its loss and its number
 * of right predictions.
 */
export function numbersPerNode({ network }: Pick<TrainingOptions, "network">): number {
  return network.state.reduce((sum, { shape }) => sum + sizeOf(shape), 2);
}

/**
 * Builds the gradients, loss, number of right predictions and layer states of a whole batch. Gradients are
 * read from the inputs {@linkcode gradientSumName}, and all others are added up from the input "numbers",
 * which has {@linkcode numbersPerNode} elements for each node of the tree of micro-batches.
 *
 * @param nodes nodes that each rank computes, by rank
 */
export function combinedGradients(
  options: TrainingOptions,
  nodes: readonly (readonly Leaves[])[],
): BatchGradients {
  const { network, groups, shards = 1 } = options;
  const perNode = numbersPerNode(options);
  const all = nodes.flat();
  const numbers = input("numbers", [all.length * perNode + nodes.length * REQUESTS]);
  const firsts = nodes.flatMap((own, rank) => own.map(() => rank * REQUESTS))
    .map((before, index) => before + index * perNode);
  const resultsOf = (index: number): BatchGradients => {
    let at = firsts[index];
    const next = (shape: Shape): Tensor => {
      const found = reshape(slice(numbers, at, [sizeOf(shape)]), shape);
      at += sizeOf(shape);
      return found;
    };
    const state = Object.fromEntries(network.state.map(({ name, shape }) => [name, next(shape)]));
    return { gradients: [], state, loss: next([]), correct: next([]), origins: [] };
  };
  const gradients = groups.map((group) => input(gradientSumName(group), [group.size]));
  const { origins, ...sums } = sumNodes(all, shards, resultsOf, addBatchGradients);
  return {
    ...sums,
    gradients,
    origins: [...origins, { name: "sum over micro-batches", tensors: gradients }],
  };
}

/**
 * Adds the values of nodes in the order of the tree of micro-batches to which they belong. Together, the nodes
 * have all leaves that are not empty.
 *
 * @param valueOf returns the value of a node, given its index in `nodes`
 */
function sumNodes<Value>(
  nodes: readonly Leaves[],
  shards: number,
  valueOf: (index: number) => Value,
  add: (a: Value, b: Value) => Value,
): Value {
  const known = ({ from, to }: Leaves) => {
    const index = nodes.findIndex((node) => node.from === from && node.to === to);
    return index < 0 ? undefined : valueOf(index);
  };
  return addByTree({ from: 0, to: shards }, known, add) as Value;
}
