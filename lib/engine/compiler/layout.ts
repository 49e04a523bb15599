/**
 * Plans memory layouts: which matrices lie in panels of 32 columns and which are row-major. Weights that
 * multiply rows lie in panels: for sparse rows always, for dense rows unless a library multiplies them. So do
 * tensors that are combined with such weights element by element: gradients and optimizer slots. A matrix of
 * at most 32 columns is the same in both layouts.
 *
 * Operands and result of an elementwise operation have one layout, and so do the old and the new value of a
 * state. A vector has a region for each matrix in panels within it. A slice of such a region, and the part of
 * a concatenation that fills it, are in panels too. Tensors that do not fit this scheme are converted.
 * Layouts change where numbers lie and not their values, with one exception: `dot` sums vectors with regions
 * in the order of memory.
 *
 * @module
 */

import { sizeOf, type Tensor, topologicalOrder } from "../../tensor/mod.ts";
import { disjointSets } from "./disjoint_sets.ts";
import { isElementwise, needsNoMemory, viewedTensor } from "./group.ts";
import { type Layouts, PANEL, type PanelRegion } from "../program/program.ts";
import { isSparse } from "../../tensor/predicates.ts";

/** The planned layout of every tensor. */
export interface LayoutPlan {
  /**
   * Returns the matrices in panels within a tensor's memory, in rising order of offsets; none if the tensor
   * is row-major.
   */
  regionsOf(tensor: Tensor): readonly PanelRegion[];
}

/** Tensors whose layouts to plan, and the constraints. */
interface LayoutRequest {
  readonly outputs: readonly Tensor[];
  /** Pairs of a state's input and its new value. */
  readonly successors: readonly (readonly [Tensor, Tensor])[];
  /** Layouts of inputs that another program has planned, by the inputs' names. */
  readonly inputLayouts: Layouts;
  /** Whether weights that multiply dense rows lie in panels too. */
  readonly densePanels: boolean;
}

/**
 * Chooses the memory layout, rows or panels, of every tensor of an expression.
 *
 * @throws {TypeError} if `inputLayouts` has panels in an input that this expression needs row-major
 */
export function planLayouts(
  { outputs, successors, inputLayouts, densePanels }: LayoutRequest,
): LayoutPlan {
  const order = topologicalOrder([...outputs, ...successors.flat()]);
  const classOf = findLayoutClasses(order, successors);
  const inRows = new Set(order.filter(usesElementIndices).map(classOf));
  const regions = new Map<Tensor, PanelRegion[]>();
  const regionsOf = (tensor: Tensor) => regions.get(classOf(tensor)) ?? [];

  /**
   * Records that a tensor has a matrix in panels in a region, unless the region overlaps another one, is too
   * narrow to differ from row-major order, or the tensor must be row-major. Returns whether it was recorded.
   */
  const addRegion = (tensor: Tensor, region: PanelRegion): boolean => {
    const known = regionsOf(tensor);
    const isClear = known.every((other) => !regionsOverlap(other, region));
    if (region.columns <= PANEL || inRows.has(classOf(tensor)) || !isClear) return false;
    regions.set(classOf(tensor), [...known, region].sort((a, b) => a.offset - b.offset));
    return true;
  };

  for (const input of order) {
    const { operation } = input;
    const named = operation.kind === "input" ? inputLayouts[operation.name] ?? [] : [];
    for (const region of named) {
      addRegion(input, region);
      if (region.columns <= PANEL || hasRegion(regionsOf(input), region)) continue;
      throw new TypeError(
        `Cannot compile: expected "${
          operation.kind === "input" ? operation.name : ""
        }" row-major, ` +
          "since an index of its elements or another layout needs it: received panels",
      );
    }
  }
  for (const { operation, inputs: [left, right] } of order) {
    if (operation.kind !== "matmul" || left === undefined || right === undefined) continue;
    const isWeight = densePanels && viewedTensor(right).operation.kind === "input" ||
      isSparse(left) && left.operation.kind !== "transpose";
    if (isWeight) addRegion(right, regionOfWholeMatrix(right));
  }
  const links = findMatrixLinks(order);
  for (let changed = true; changed;) {
    changed = false;
    for (const { vector, matrix, region } of links) {
      if (hasRegion(regionsOf(vector), region)) {
        changed = addRegion(matrix, regionOfWholeMatrix(matrix)) || changed;
      } else if (regionsOf(matrix).length > 0) changed = addRegion(vector, region) || changed;
    }
  }
  return { regionsOf };
}

/** Returns the region that covers all elements of a matrix. */
function regionOfWholeMatrix({ shape }: Tensor): PanelRegion {
  const [rows, columns] = shape;
  return { offset: 0, rows, columns };
}

/** Returns whether one of the regions has the offset and the shape of the given one. */
export function hasRegion(
  regions: readonly PanelRegion[],
  { offset, rows, columns }: PanelRegion,
): boolean {
  return regions.some((other) =>
    other.offset === offset && other.rows === rows && other.columns === columns
  );
}

/** Returns whether two regions of one vector have elements in common. */
function regionsOverlap(a: PanelRegion, b: PanelRegion): boolean {
  return a.offset < b.offset + b.rows * b.columns && b.offset < a.offset + a.rows * a.columns;
}

/**
 * Returns whether a tensor is the result of an elementwise operation on the indices of a vector's elements,
 * which panels would reorder.
 */
function usesElementIndices(tensor: Tensor): boolean {
  return isElementwise(tensor) && tensor.shape.length !== 2 &&
    tensor.inputs.some(({ operation }) => operation.kind === "index");
}

/** A matrix within a vector: a slice of the vector, or one of the parts that were concatenated to it. */
interface MatrixLink {
  readonly vector: Tensor;
  readonly matrix: Tensor;
  /** Position of the matrix in the vector, and its shape. */
  readonly region: PanelRegion;
}

/** Returns the matrices that are slices of vectors in an expression, or parts concatenated to vectors. */
function findMatrixLinks(order: readonly Tensor[]): readonly MatrixLink[] {
  const links: MatrixLink[] = [];
  const link = (vector: Tensor, matrix: Tensor, offset: number) => {
    if (matrix.shape.length !== 2) return;
    links.push({ vector, matrix, region: { ...regionOfWholeMatrix(matrix), offset } });
  };
  for (const node of order) {
    const { operation, inputs: [input] } = node;
    if (operation.kind === "slice" && input !== undefined) link(input, node, operation.offset);
    if (operation.kind !== "concatenate") continue;
    let offset = 0;
    for (const part of node.inputs) {
      link(node, part, offset);
      offset += sizeOf(part.shape);
    }
  }
  return links;
}

/**
 * Finds the classes of tensors that must have the same layout. Returns a function from a tensor to the tensor
 * that represents its class.
 */
function findLayoutClasses(
  order: readonly Tensor[],
  successors: readonly (readonly [Tensor, Tensor])[],
): (tensor: Tensor) => Tensor {
  const classes = disjointSets<Tensor>();
  for (const node of order.filter(isElementwise)) {
    for (const input of node.inputs) if (!needsNoMemory(input)) classes.unite(input, node);
  }
  for (const [before, after] of successors) classes.unite(before, after);
  return classes.find;
}
