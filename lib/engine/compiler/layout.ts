/**
 * Decides which matrices lie in panels of 32 columns: the weights that rows are multiplied by, sparse
 * or, unless a library is to read them, dense; and whatever is combined with them element by element
 * (gradients, optimizer slots). What has 32 columns or fewer is one panel as it is.
 *
 * Tensors that meet in an elementwise operation are of one class and lie alike; so do a state's old
 * and new value. A vector has the matrices that lie in panels as regions; a slice that shows such a
 * region, and a part of a concatenation that fills one, are in panels too. What does not fit this
 * scheme is converted on the way, so the layout decides where numbers lie and never what they are, with
 * one exception: the sum of a `dot` of vectors with regions is taken in the order of memory.
 *
 * @module
 */

import { inOrder, sizeOf, type Tensor } from "../../tensor/mod.ts";
import { disjointSets } from "./disjoint_sets.ts";
import { isElementwise, isFree, viewed } from "./group.ts";
import { type Layouts, PANEL, type PanelRegion } from "../program/program.ts";
import { isSparse } from "../../tensor/predicates.ts";

export interface LayoutPlan {
  /** The matrices within a tensor's memory that lie in panels, in rising order. */
  regionsOf(tensor: Tensor): readonly PanelRegion[];
}

interface Laid {
  readonly outputs: readonly Tensor[];
  /** Pairs of a state's input and its new value. */
  readonly successors: readonly (readonly [Tensor, Tensor])[];
  /** Layouts of inputs that another program has chosen. */
  readonly given: Layouts;
  /** Whether weights that dense rows are multiplied by lie in panels too. */
  readonly densePanels: boolean;
}

export function planLayouts({ outputs, successors, given, densePanels }: Laid): LayoutPlan {
  const order = inOrder([...outputs, ...successors.flat()]);
  const classOf = classesOf(order, successors);
  const inRows = new Set(order.filter(numbersElements).map(classOf));
  const regions = new Map<Tensor, PanelRegion[]>();
  const regionsOf = (tensor: Tensor) => regions.get(classOf(tensor)) ?? [];

  /** Adds a region, unless it does not fit; says whether it is there now and was not before. */
  const addRegion = (tensor: Tensor, region: PanelRegion): boolean => {
    const known = regionsOf(tensor);
    const isClear = known.every((other) => !regionsOverlap(other, region));
    if (region.columns <= PANEL || inRows.has(classOf(tensor)) || !isClear) return false;
    regions.set(classOf(tensor), [...known, region].sort((a, b) => a.offset - b.offset));
    return true;
  };

  for (const input of order) {
    const { operation } = input;
    const named = operation.kind === "input" ? given[operation.name] ?? [] : [];
    for (const region of named) {
      addRegion(input, region);
      if (region.columns <= PANEL || hasRegion(regionsOf(input), region)) continue;
      throw new TypeError(
        `Cannot compile: expected "${operation.kind === "input" ? operation.name : ""}" in rows, ` +
          "since its elements are numbered or it is laid out otherwise: received panels",
      );
    }
  }
  for (const { operation, inputs: [left, right] } of order) {
    if (operation.kind !== "matmul" || left === undefined || right === undefined) continue;
    const isWeight = densePanels && viewed(right).operation.kind === "input" ||
      isSparse(left) && left.operation.kind !== "transpose";
    if (isWeight) addRegion(right, wholeOf(right));
  }
  const links = linksOf(order);
  for (let changed = true; changed;) {
    changed = false;
    for (const { vector, matrix, region } of links) {
      if (hasRegion(regionsOf(vector), region)) {
        changed = addRegion(matrix, wholeOf(matrix)) || changed;
      } else if (regionsOf(matrix).length > 0) changed = addRegion(vector, region) || changed;
    }
  }
  return { regionsOf };
}

function wholeOf({ shape }: Tensor): PanelRegion {
  const [rows, columns] = shape;
  return { offset: 0, rows, columns };
}

export function hasRegion(
  regions: readonly PanelRegion[],
  { offset, rows, columns }: PanelRegion,
): boolean {
  return regions.some((other) =>
    other.offset === offset && other.rows === rows && other.columns === columns
  );
}

function regionsOverlap(a: PanelRegion, b: PanelRegion): boolean {
  return a.offset < b.offset + b.rows * b.columns && b.offset < a.offset + a.rows * a.columns;
}

/** Whether an operation numbers the elements of a vector, which panels would put in another order. */
function numbersElements(tensor: Tensor): boolean {
  return isElementwise(tensor) && tensor.shape.length !== 2 &&
    tensor.inputs.some(({ operation }) => operation.kind === "index");
}

/** Where a vector shows a matrix (a slice), or is made of one (a concatenation). */
interface Link {
  readonly vector: Tensor;
  readonly matrix: Tensor;
  readonly region: PanelRegion;
}

function linksOf(order: readonly Tensor[]): readonly Link[] {
  const links: Link[] = [];
  const link = (vector: Tensor, matrix: Tensor, offset: number) => {
    if (matrix.shape.length !== 2) return;
    links.push({ vector, matrix, region: { ...wholeOf(matrix), offset } });
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

/** Classes of tensors that lie alike: the tensor that stands for each one's class. */
function classesOf(
  order: readonly Tensor[],
  successors: readonly (readonly [Tensor, Tensor])[],
): (tensor: Tensor) => Tensor {
  const classes = disjointSets<Tensor>();
  for (const node of order.filter(isElementwise)) {
    for (const input of node.inputs) if (!isFree(input)) classes.unite(input, node);
  }
  for (const [before, after] of successors) classes.unite(before, after);
  return classes.find;
}
