/**
 * Gathers elementwise operations into groups, each of which becomes one loop.
 *
 * The level of a node counts the structured operations, views and broadcasts of computed values on the
 * longest path to it. Within one level a path leads through elementwise operations of one shape only,
 * so what is connected within a level can be one loop, and no group can need what comes after it.
 *
 * @module
 */

import { inOrder, type Tensor } from "../../tensor/mod.ts";
import { disjointSets } from "./disjoint_sets.ts";
import type { Access, Loop, LoopOperand, LoopOperation } from "../program/loop.ts";

/** An operand that is read from memory: a tensor, or the broadcast of one. */
interface Read {
  /** The operand as the nodes of the group name it. */
  readonly operand: Tensor;
  readonly tensor: Tensor;
  readonly access: Access;
}

/** Elementwise operations that are computed together, as tensors; see {@linkcode loopOf}. */
export interface Group {
  /** The operations, each after its operands; broadcasts, indices and constants are not among them. */
  readonly nodes: readonly Tensor[];
  readonly reads: readonly Read[];
  /** What is written to memory: nodes, or a bare operand where a group only copies. */
  readonly writes: readonly Tensor[];
  /** Whether rows and columns matter; otherwise the elements are one long row. */
  readonly byRows: boolean;
}

/** Whether an operation is computed in loops (and not merely named in them). */
export function isElementwise({ operation }: Tensor): boolean {
  return operation.kind === "primitive" || operation.kind === "shift";
}

/** Whether a loop makes an operand up by itself: no memory holds it. */
export function isFree({ operation }: Tensor): boolean {
  return operation.kind === "constant" || operation.kind === "index" ||
    operation.kind === "broadcast";
}

/** Whether a node shows the elements of another where they are. */
function isView({ operation }: Tensor): boolean {
  return operation.kind === "slice" || operation.kind === "reshape";
}

/** The tensor whose elements a view shows, or views of views; another tensor itself. */
export function viewed(tensor: Tensor): Tensor {
  return isView(tensor) ? viewed(tensor.inputs[0]) : tensor;
}

/**
 * The groups of an expression in canonical form.
 *
 * @param isNeeded whether a node must stand in memory when the program ends
 */
export function groupElementwise(
  outputs: readonly Tensor[],
  isNeeded: (tensor: Tensor) => boolean,
): readonly Group[] {
  const order = inOrder(outputs);
  const consumers = consumersOf(order);
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
  const bare = order.filter((node) =>
    isFree(node) && (isNeeded(node) || consumers.get(node)?.some((user) => !isElementwise(user)))
  );
  return [...computed, ...bare.map((node) => makeGroup([], [node]))];
}

function consumersOf(order: readonly Tensor[]): ReadonlyMap<Tensor, readonly Tensor[]> {
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
    const isStructured = !isElementwise(node) && !isFree(node) && !isView(node);
    levels.set(node, Math.max(0, ...below) + (isStructured ? 1 : 0));
  }
  // What only later loops ask for is computed there: its operands are read again, it is not stored
  for (const node of order.toReversed()) {
    const users = consumers.get(node) ?? [];
    if (!isElementwise(node) || isNeeded(node) || !users.every(isElementwise)) continue;
    const earliest = Math.min(...users.map((user) => levels.get(user) as number));
    if (users.length > 0) levels.set(node, earliest);
  }
  return levels;
}

function makeGroup(nodes: readonly Tensor[], writes: readonly Tensor[]): Group {
  const inside = new Set(nodes);
  const operands = new Set([...nodes.flatMap(({ inputs }) => inputs), ...writes]);
  const reads = [...operands].filter((operand) => !inside.has(operand)).flatMap(readOf);
  const indices = [...operands].filter(({ operation }) => operation.kind === "index");
  const isMatrix = writes[0].shape.length === 2;
  const byRows = isMatrix &&
    (indices.length > 0 || reads.some(({ access }) => access === "row" || access === "column"));
  return { nodes, reads, writes, byRows };
}

function readOf(operand: Tensor): Read[] {
  const { operation, inputs } = operand;
  if (operation.kind === "constant" || operation.kind === "index") return [];
  if (operation.kind !== "broadcast") {
    return [{ operand, tensor: operand, access: "full" satisfies Access }];
  }
  return [{ operand, tensor: inputs[0], access: operation.along }];
}

export function loopOf({ reads, nodes, writes }: Group): Loop {
  const values = new Map([...reads.map(({ operand }) => operand), ...nodes]
    .map((tensor, index) => [tensor, index]));
  const operandOf = (tensor: Tensor) => values.get(tensor) ?? freeOperand(tensor);
  return {
    reads: reads.map(({ access }) => access),
    operations: nodes.map(({ operation, inputs }) => ({
      operation: operation as LoopOperation["operation"],
      operands: inputs.map(operandOf),
    })),
    writes: writes.map(operandOf),
  };
}

/** An operand that no memory holds. */
function freeOperand({ operation, shape, type }: Tensor): LoopOperand {
  if (operation.kind === "constant") return { constant: operation.value, type };
  if (operation.kind !== "index") {
    throw new TypeError(`Cannot compile: expected an operand in reach: received ${operation.kind}`);
  }
  if (shape.length === 2) return { index: operation.axis === 0 ? "row" : "column" };
  // A vector is one long row, so that the number of an element is its column
  return operation.axis === 0 ? { index: "column" } : { constant: 0, type: "integer" };
}
