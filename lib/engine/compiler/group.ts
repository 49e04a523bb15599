/**
 * Groups elementwise operations; each group becomes one loop.
 *
 * The level of a node is the number of structured operations, views and broadcasts of computed values on
 * the longest path to it. Paths within one level contain only elementwise operations of one shape. So
 * connected nodes of one level can be one loop, and no group depends on a later one.
 *
 * @module
 */

import { type Tensor, topologicalOrder } from "../../tensor/mod.ts";
import { disjointSets } from "./disjoint_sets.ts";
import type { Access, Loop, LoopOperand, LoopOperation } from "../program/loop.ts";

/** An operand that a loop reads from memory. */
interface OperandRead {
  /** Operand of the group's operations: a tensor in memory, or the broadcast of one. */
  readonly operand: Tensor;
  /** The tensor in memory: the operand itself or, for a broadcast, its input. */
  readonly tensor: Tensor;
  readonly access: Access;
}

/**
 * Elementwise operations, each given as its tensor, that are computed in one loop. {@linkcode groupToLoop}
 * converts them to a loop.
 */
export interface Group {
  /** The operations in topological order, without broadcasts, indices and constants. */
  readonly nodes: readonly Tensor[];
  readonly reads: readonly OperandRead[];
  /**
   * Tensors that are written to memory: some of the operations or, in a group that only copies, its only
   * operand.
   */
  readonly writes: readonly Tensor[];
  /** Whether the loop runs over rows and columns; otherwise all elements are one row. */
  readonly byRows: boolean;
}

/** Returns whether a tensor is the result of a primitive or a shift, which loops compute. */
export function isElementwise({ operation }: Tensor): boolean {
  return operation.kind === "primitive" || operation.kind === "shift";
}

/**
 * Returns whether a tensor is a constant, an index or a broadcast, whose elements loops compute where they
 * use them, so that it needs no memory.
 */
export function needsNoMemory({ operation }: Tensor): boolean {
  return operation.kind === "constant" || operation.kind === "index" ||
    operation.kind === "broadcast";
}

/** Returns whether a tensor shares the elements of its input: a slice or a reshaped tensor. */
function isView({ operation }: Tensor): boolean {
  return operation.kind === "slice" || operation.kind === "reshape";
}

/**
 * Returns the tensor whose elements a view shares, also if that is the view of another view. Returns a tensor
 * that is not a view itself.
 */
export function viewedTensor(tensor: Tensor): Tensor {
  return isView(tensor) ? viewedTensor(tensor.inputs[0]) : tensor;
}

/**
 * Groups the elementwise operations of an expression in canonical form. A constant, an index or a broadcast
 * that must be in memory is a group without operations.
 *
 * @param isNeeded returns whether a tensor must be in memory when the program ends
 */
export function groupElementwise(
  outputs: readonly Tensor[],
  isNeeded: (tensor: Tensor) => boolean,
): readonly Group[] {
  const order = topologicalOrder(outputs);
  const consumers = findConsumers(order);
  const levels = assignLevels(order, consumers, isNeeded);
  const groups = disjointSets<Tensor>();
  const elementwise = order.filter(isElementwise);
  for (const node of elementwise) {
    for (const input of node.inputs) {
      if (isElementwise(input) && levels.get(input) === levels.get(node)) groups.unite(input, node);
    }
  }
  const members = new Map<Tensor, Tensor[]>(); // by hand, as Node.js 20 has no Map.groupBy()
  for (const node of elementwise) {
    const group = groups.find(node);
    const known = members.get(group);
    if (known === undefined) members.set(group, [node]);
    else known.push(node);
  }
  const computed = [...members].map(([group, nodes]) =>
    makeGroup(
      nodes,
      nodes.filter((node) =>
        isNeeded(node) || consumers.get(node)?.some((user) => groups.find(user) !== group)
      ),
    )
  );
  const materialized = order.filter((node) =>
    needsNoMemory(node) &&
    (isNeeded(node) || consumers.get(node)?.some((user) => !isElementwise(user)))
  );
  return [...computed, ...materialized.map((node) => makeGroup([], [node]))];
}

/** Returns, for each node that is an input of others, these others in the given order. */
function findConsumers(order: readonly Tensor[]): ReadonlyMap<Tensor, readonly Tensor[]> {
  const consumers = new Map<Tensor, Tensor[]>();
  for (const node of order) {
    for (const input of node.inputs) {
      const users = consumers.get(input);
      if (users === undefined) consumers.set(input, [node]);
      else users.push(node);
    }
  }
  return consumers;
}

/** Returns the level of each node, as the comment at the top of this file defines it. */
function assignLevels(
  order: readonly Tensor[],
  consumers: ReadonlyMap<Tensor, readonly Tensor[]>,
  isNeeded: (tensor: Tensor) => boolean,
): ReadonlyMap<Tensor, number> {
  const levels = new Map<Tensor, number>();
  for (const node of order) {
    const below = node.inputs.map((input) => {
      const ends = isElementwise(node) ? 0 : isElementwise(input) ? 1 : 0;
      return (levels.get(input) as number) + ends;
    });
    const isStructured = !isElementwise(node) && !needsNoMemory(node) && !isView(node);
    levels.set(node, Math.max(0, ...below) + (isStructured ? 1 : 0));
  }
  // A node that only later loops use is computed there: its operands are read again instead of its value
  for (const node of order.toReversed()) {
    const users = consumers.get(node) ?? [];
    if (!isElementwise(node) || isNeeded(node) || !users.every(isElementwise)) continue;
    const earliest = Math.min(...users.map((user) => levels.get(user) as number));
    if (users.length > 0) levels.set(node, earliest);
  }
  return levels;
}

/** Returns a group with the given operations, which writes the given tensors to memory. */
function makeGroup(nodes: readonly Tensor[], writes: readonly Tensor[]): Group {
  const inside = new Set(nodes);
  const operands = new Set([...nodes.flatMap(({ inputs }) => inputs), ...writes]);
  const reads = [...operands].filter((operand) => !inside.has(operand)).flatMap(operandReads);
  const indices = [...operands].filter(({ operation }) => operation.kind === "index");
  const isMatrix = writes[0].shape.length === 2;
  const byRows = isMatrix &&
    (indices.length > 0 || reads.some(({ access }) => access === "row" || access === "column"));
  return { nodes, reads, writes, byRows };
}

/**
 * Returns how a loop reads an operand from memory, as a list of one; empty if the operand needs no memory.
 */
function operandReads(operand: Tensor): OperandRead[] {
  const { operation, inputs } = operand;
  if (operation.kind === "constant" || operation.kind === "index") return [];
  if (operation.kind !== "broadcast") {
    return [{ operand, tensor: operand, access: "full" satisfies Access }];
  }
  return [{ operand, tensor: inputs[0], access: operation.along }];
}

/** Converts a group of tensors to a loop, as plain data. */
export function groupToLoop({ reads, nodes, writes }: Group): Loop {
  const values = new Map([...reads.map(({ operand }) => operand), ...nodes]
    .map((tensor, index) => [tensor, index]));
  const operandOf = (tensor: Tensor) => values.get(tensor) ?? operandWithoutMemory(tensor);
  return {
    reads: reads.map(({ access }) => access),
    operations: nodes.map(({ operation, inputs }) => ({
      operation: operation as LoopOperation["operation"],
      operands: inputs.map(operandOf),
    })),
    writes: writes.map(operandOf),
  };
}

/**
 * Converts a constant or an index, which needs no memory, to an operand of a loop.
 *
 * @throws {TypeError} if the tensor is another one
 */
function operandWithoutMemory({ operation, shape, type }: Tensor): LoopOperand {
  if (operation.kind === "constant") return { constant: operation.value, type };
  if (operation.kind !== "index") {
    throw new TypeError(
      `Cannot compile: expected a constant, an index or a computed operand: received ${operation.kind}`,
    );
  }
  if (shape.length === 2) return { index: operation.axis === 0 ? "row" : "column" };
  // A vector is one row, so the index of an element is its column
  return operation.axis === 0 ? { index: "column" } : { constant: 0, type: "integer" };
}
