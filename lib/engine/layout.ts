/**
 * Decides which matrices lie in panels of 32 columns: the weights that sparse rows are multiplied by,
 * and whatever is combined with them element by element (gradients, optimizer slots).
 *
 * Tensors that meet in an elementwise operation are of one class and lie alike; so do a state's old
 * and new value. A flat vector has the matrices that lie in panels as regions.
 *
 * @module
 */

import { inOrder, sizeOf, type Tensor } from "../tensor/mod.ts";
import { isElementwise } from "./group.ts";
import type { Layouts, PanelRegion } from "./program.ts";
import { isSparse } from "./reference.ts";

/** The layout of each tensor of an expression. */
export interface LayoutPlan {
  /** Whether a matrix lies in panels. */
  inPanels(matrix: Tensor): boolean;
  /** The matrices of an input that lie in panels. */
  regions(input: Tensor): readonly PanelRegion[];
}

/** @param successors pairs of a state's input and its new value */
export function planLayouts(
  outputs: readonly Tensor[],
  successors: readonly (readonly [Tensor, Tensor])[],
  given: Layouts,
): LayoutPlan {
  const order = inOrder(outputs);
  const classes = new Map<Tensor, Tensor>();
  const classOf = (tensor: Tensor): Tensor => {
    const parent = classes.get(tensor) ?? tensor;
    if (parent === tensor) return tensor;
    const root = classOf(parent);
    classes.set(tensor, root);
    return root;
  };
  const unite = (a: Tensor, b: Tensor) => void classes.set(classOf(a), classOf(b));
  for (const node of order) {
    if (isElementwise(node)) node.inputs.filter(isWhole).forEach((input) => unite(input, node));
  }
  for (const [before, after] of successors) unite(before, after);

  const regions = new Map<Tensor, PanelRegion[]>();
  const addRegion = (tensor: Tensor, region: PanelRegion) => {
    const known = regions.get(classOf(tensor)) ?? [];
    if (!known.some(({ offset }) => offset === region.offset)) known.push(region);
    regions.set(classOf(tensor), known);
  };
  for (const node of order) {
    if (node.operation.kind !== "input") continue;
    given[node.operation.name]?.forEach((region) => addRegion(node, region));
  }
  for (const { operation, inputs: [left, right] } of order) {
    if (operation.kind !== "matmul" || left === undefined || right === undefined) continue;
    if (!isSparse(left) || left.operation.kind === "transpose") continue;
    const [rows, columns] = right.shape as readonly [number, number];
    const { vector, offset } = placeOf(right);
    addRegion(vector, { offset, rows, columns });
  }

  const matrices = new Set<Tensor>();
  const regionAt = (vector: Tensor, at: number) =>
    regions.get(classOf(vector))?.some(({ offset }) => offset === at) ?? false;
  for (const node of order) {
    if (
      node.operation.kind === "slice" && regionAt(node.inputs[0] as Tensor, node.operation.offset)
    ) {
      matrices.add(classOf(node));
    }
    if (node.operation.kind !== "concatenate") continue;
    let offset = 0;
    for (const part of node.inputs) {
      if (regionAt(node, offset)) matrices.add(classOf(part));
      offset += sizeOf(part.shape);
    }
  }
  return {
    inPanels: (matrix) =>
      matrix.shape.length === 2 && (matrices.has(classOf(matrix)) || regionAt(matrix, 0)),
    regions: (input) => regions.get(classOf(input)) ?? [],
  };
}

/** Whether an operand is itself in memory, element for element. */
function isWhole({ operation }: Tensor): boolean {
  return !["constant", "index", "broadcast"].includes(operation.kind);
}

function placeOf(matrix: Tensor): { vector: Tensor; offset: number } {
  const { operation, inputs: [vector] } = matrix;
  return operation.kind === "slice" && vector !== undefined
    ? { vector, offset: operation.offset }
    : { vector: matrix, offset: 0 };
}
