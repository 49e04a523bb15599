/**
 * Lowers an expression in canonical form to units in topological order, with a reference to memory for
 * every tensor.
 *
 * Outputs, new values of the state and parts of a concatenation are first computed and then copied to
 * their targets; `elideCopies` removes most of these copies.
 *
 * Lowering also chooses the computations that every worker replicates instead of waiting for others: the
 * lists of a sparse batch, and single numbers that depend only on inputs that the program does not change.
 *
 * @module
 */

import { isAugmented, type Operation, type Shape, sizeOf, type Tensor } from "../../tensor/mod.ts";
import * as batches from "./calls/batch.ts";
import type { Group } from "./group.ts";
import * as images from "./calls/images.ts";
import { hasRegion, type LayoutPlan } from "./layout.ts";
import { loopCalls } from "./calls/loops.ts";
import * as products from "./calls/products.ts";
import { loopName } from "../program/loop.ts";
import type { PanelRegion } from "../program/program.ts";
import { isSparse } from "../../tensor/predicates.ts";
import type { Origins, Outputs } from "../../tensor/rewrite.ts";
import { isReadTransposed, scheduleTasks, untransposed } from "./topological_order.ts";
import * as calls from "./calls/structured.ts";
import {
  accessTo,
  allocateScratch,
  allocateWorkerScratch,
  type Buffer,
  type Calls,
  type Reference,
  subreference,
  type Unit,
} from "./unit.ts";

/** An expression with its groups and its planned layouts. */
interface PlannedExpression {
  readonly outputs: Outputs;
  /** New values of inputs, by name. */
  readonly state: Outputs;
  readonly origins: Origins;
  readonly groups: readonly Group[];
  /** Planned layouts of all tensors. */
  readonly layout: LayoutPlan;
}

/** The state of a lowering, to which each lowered operation adds units. */
interface Context {
  readonly origins: Origins;
  readonly layout: LayoutPlan;
  /** Names of the inputs to which the program writes new values. */
  readonly state: ReadonlySet<string>;
  /** Whether every worker compresses all rows of a sparse batch ("replicated") or its partition of them. */
  readonly lists: "replicated" | "partitioned";
  /** Units so far, in the order in which they run. */
  readonly units: Unit[];
  /** Groups whose loops the units call. */
  readonly loops: Group[];
  /** Memory of each lowered tensor, in its planned layout. */
  readonly references: Map<Tensor, Reference>;
  /** Row-major copies of lowered tensors. */
  readonly rows: Map<Tensor, Reference>;
  /** Lists of each sparse batch, compressed by rows and by columns. */
  readonly compressed: Readonly<Record<"rows" | "columns", Map<Tensor, batches.CompressedBatch>>>;
  /** Memory of each augmented batch, with rows encoded as in the batch's data set. */
  readonly augmented: Map<Tensor, Reference>;
  /** Buffers that persist after the program, by the names of their spaces. */
  readonly persistent: Map<string, Buffer>;
}

/** The result of lowering an expression. */
interface Lowering {
  /** Units in the order in which they run. */
  readonly units: readonly Unit[];
  /** Groups whose loops the units call; {@linkcode loopName} names a loop by its index. */
  readonly loops: readonly Group[];
}

/**
 * Lowers an expression to units, which call kernels and loops.
 *
 * @throws {TypeError} if no kernel implements an operation
 */
export function lowerExpression(
  { outputs, state, origins, groups, layout }: PlannedExpression,
): Lowering {
  const tasks = scheduleTasks({ outputs, state, groups, layout });
  const isByColumns = tasks.some((task) => !("nodes" in task) && isSparseTransposedProduct(task));
  const lists = Object.keys(state).length > 0 || isByColumns ? "replicated" : "partitioned";
  const results = new Set([...Object.values(outputs), ...Object.values(state)]);
  const context: Context = {
    origins,
    layout,
    state: new Set(Object.keys(state)),
    lists,
    units: [],
    loops: [],
    references: new Map(),
    rows: new Map(),
    compressed: { rows: new Map(), columns: new Map() },
    augmented: new Map(),
    persistent: new Map(),
  };
  for (const task of tasks) {
    if ("nodes" in task) lowerGroup(context, task, results);
    else lowerOperation(context, task);
  }
  const { before, after } = copyUnitsOfResults(context, outputs, state);
  return { units: [...before, ...context.units, ...after], loops: context.loops };
}

/** Returns whether a tensor is a product whose left factor is the transpose of a sparse batch. */
function isSparseTransposedProduct({ operation, inputs: [left] }: Tensor): boolean {
  return operation.kind === "matmul" && left !== undefined && untransposed(left) !== left &&
    isSparse(left);
}

/**
 * Adds the unit that computes a group in a loop. Every worker computes single numbers from replicated inputs
 * itself, unless these numbers are results of the program.
 */
function lowerGroup(context: Context, group: Group, results: ReadonlySet<Tensor>): void {
  const { layout, loops, references, units } = context;
  const reads = group.reads.map(({ tensor, access }) =>
    access === "full" ? referenceTo(context, tensor) : rowMajorReference(context, tensor)
  );
  const isReplicated = reads.every((reference) => isAvailableToAllWorkers(context, reference)) &&
    group.writes.every((tensor) => sizeOf(tensor.shape) === 1 && !results.has(tensor));
  const allocate = isReplicated ? allocateWorkerScratch : allocateScratch;
  const writes = group.writes.map(({ shape }) => allocate(4 * sizeOf(shape)));
  group.writes.forEach((tensor, index) => references.set(tensor, writes[index]));
  const name = loopName(loops.length);
  loops.push(group);
  const regions = layout.regionsOf(group.writes[0]);
  units.push({
    label: unitLabel(context, group.writes.at(-1) as Tensor, describeGroup(group)),
    reads,
    writes,
    elementwiseReads: reads.filter((_, index) => group.reads[index]?.access === "full"),
    results: writes.filter((_, index) => group.writes[index]?.type === "float"),
    calls: loopCalls(name, group, { reads, writes }, regions)
      .map((call) => isReplicated ? { ...call, isReplicated } : call),
  });
}

/**
 * Returns whether every worker may read the memory of a reference without waiting for others: an input that
 * the program does not change, or memory of which each worker has its own copy.
 */
function isAvailableToAllWorkers({ state }: Context, { buffer }: Reference): boolean {
  if (buffer.isPrivate === true) return true;
  return buffer.space?.startsWith("in:") === true && !state.has(buffer.space.slice("in:".length));
}

/** Returns the names of a group's operations for its label, at most six: "mul, add". */
function describeGroup({ nodes }: Group): string {
  const kinds = new Set(
    nodes.map(({ operation }) => operation.kind === "primitive" ? operation.name : operation.kind),
  );
  const names = [...kinds].slice(0, 6).join(", ") || "fill";
  return kinds.size > 6 ? `${names}, …` : names;
}

/**
 * Adds the units that compute the tensor of a structured operation, or records the memory of an input or a
 * view.
 */
function lowerOperation(context: Context, tensor: Tensor): void {
  const { operation, shape, inputs: [x, y] } = tensor;
  switch (operation.kind) {
    case "input":
      return void context.references.set(
        tensor,
        persistentReference(context, `in:${operation.name}`, tensor),
      );
    case "slice":
      return lowerSlice(context, tensor, operation.offset);
    case "reshape":
      return moveToPlannedLayout(context, tensor, rowMajorReference(context, x), []);
    case "concatenate":
      return lowerConcatenation(context, tensor);
    case "matmul":
      return lowerProduct(context, tensor);
    case "transpose":
      return addComputation(
        context,
        tensor,
        (out) => calls.transposeCalls(plannedMatrix(context, x), out),
      );
    case "sum":
    case "max":
    case "argmax": {
      if (operation.axis === "rows") {
        const parts = countMicroBatches(operation);
        return addComputation(
          context,
          tensor,
          (out) => calls.sumRowsCalls(plannedMatrix(context, x), out, parts),
        );
      }
      const matrix = rowMajorMatrix(context, x);
      const kernel = ROWWISE_KERNELS[operation.kind];
      return addComputation(context, tensor, (out) => calls.rowwiseCalls(kernel, matrix, out));
    }
    case "gatherColumns": {
      const matrix = rowMajorMatrix(context, x);
      const columns = rowMajorReference(context, y);
      return addComputation(
        context,
        tensor,
        (out) => calls.gatherColumnsCalls(matrix, columns, out),
      );
    }
    case "dot":
      return lowerDot(context, tensor);
    case "gatherRows":
    case "warp":
    case "erase":
    case "blend":
    case "addNoise": {
      if (isSparse(tensor)) {
        const byRows = compressBatch(context, tensor, "rows");
        return addComputation(context, tensor, (out) => batches.expandCalls(tensor, byRows, out));
      }
      const encodedRows = gatherEncodedRows(context, tensor, false);
      return addComputation(
        context,
        tensor,
        (out) => batches.decodeCalls(tensor, encodedRows, out),
      );
    }
    default:
      throw new TypeError(
        "Cannot compile: expected an operation with a kernel: " +
          `received ${operation.kind} of [${shape.join(", ")}]`,
      );
  }
}

/**
 * Adds a unit that computes a tensor in new memory, in row-major order, and then converts it to its planned
 * layout.
 *
 * @param makeCalls returns the calls that compute the tensor in the memory `out`
 * @param workSpace other memory that the calls write. Defaults to none
 */
function addComputation(
  context: Context,
  tensor: Tensor,
  makeCalls: (out: Reference) => Calls,
  workSpace: readonly Reference[] = [],
): void {
  const out = allocateScratch(4 * sizeOf(tensor.shape));
  addUnit(context, tensor, { writes: [out, ...workSpace], calls: makeCalls(out) });
  moveToPlannedLayout(context, tensor, out, []);
}

/**
 * Adds a unit for a tensor. Without `action`, the unit computes the tensor, to the first of `writes`. With
 * `action`, the unit only prepares the tensor, and has `action` in its label.
 */
function addUnit(
  context: Context,
  tensor: Tensor,
  { action, writes, calls }: {
    readonly action?: string;
    readonly writes: readonly Reference[];
    readonly calls: Calls;
  },
): void {
  const read = new Set(
    calls.flatMap(({ reads }) => reads.map(({ region }) => region as Reference)),
  );
  context.units.push({
    label: unitLabel(context, tensor, action ?? operationName(tensor.operation)),
    reads: [...read].filter((reference) => !writes.includes(reference)),
    writes,
    results: action === undefined && tensor.type === "float" ? writes.slice(0, 1) : [],
    calls,
  });
}

/**
 * Lowers a slice to a view of its vector. If the slice cuts through panels, it is a view of a row-major copy.
 */
function lowerSlice(context: Context, tensor: Tensor, offset: number): void {
  const { layout } = context;
  const { inputs: [vector], shape } = tensor;
  const [rows = 1, columns = 1] = shape;
  const size = sizeOf(shape);
  const regions = layout.regionsOf(vector);
  const isRegion = shape.length === 2 && hasRegion(regions, { offset, rows, columns });
  const isClear = regions.every((region) =>
    offset + size <= region.offset || region.offset + region.rows * region.columns <= offset
  );
  const from = isRegion || isClear
    ? referenceTo(context, vector)
    : rowMajorReference(context, vector);
  const natural = isRegion ? [{ offset: 0, rows, columns }] : [];
  moveToPlannedLayout(context, tensor, subreference(from, 4 * offset, 4 * size), natural);
}

/**
 * Adds units that copy the parts of a concatenation into its result. A part stays in panels if the result has
 * it in panels; every other part is row-major.
 */
function lowerConcatenation(context: Context, tensor: Tensor): void {
  const { layout, units } = context;
  const planned = layout.regionsOf(tensor);
  const out = allocateScratch(4 * sizeOf(tensor.shape));
  const natural: PanelRegion[] = [];
  let offset = 0;
  for (const part of tensor.inputs) {
    const [own] = layout.regionsOf(part);
    const region = own && { ...own, offset: offset + own.offset };
    const isKept = part.shape.length === 2 && region !== undefined && hasRegion(planned, region);
    if (isKept) natural.push(region);
    const from = isKept ? referenceTo(context, part) : rowMajorReference(context, part);
    units.push(createCopyUnit(context, part, from, subreference(out, 4 * offset, from.bytes)));
    offset += sizeOf(part.shape);
  }
  moveToPlannedLayout(context, tensor, out, natural);
}

/**
 * Adds the units of a matrix product. Transposed factors are read from the matrix before the transpose if
 * possible.
 */
function lowerProduct(context: Context, tensor: Tensor): void {
  const { operation, inputs: [left, right] } = tensor;
  const out = allocateScratch(4 * sizeOf(tensor.shape));
  context.references.set(tensor, out);
  const result = plannedMatrix(context, tensor);
  const plain = untransposed(left);
  const parts = countMicroBatches(operation);
  const plannedRight = (factor: Tensor) =>
    parts > 1 ? rowMajorMatrix(context, factor) : plannedMatrix(context, factor);
  if (isSparse(left)) {
    const batch = compressBatch(context, plain, plain === left ? "rows" : "columns");
    const b = plannedRight(right);
    const by = context.lists === "replicated" ? "panels" : "rows";
    const calls = products.sparseProductCalls(batch, b, result, { by, parts });
    return addUnit(context, tensor, { writes: [out], calls });
  }
  const a = { ...rowMajorMatrix(context, plain), isTransposed: plain !== left };
  const b = isReadTransposed(context.layout, right) && parts === 1
    ? { ...plannedMatrix(context, untransposed(right)), isTransposed: true }
    : plannedRight(right);
  const by = choosePartitioning(context, left.shape, result);
  const zerosLeftOut = operation.kind === "matmul" && operation.zeros === "left out";
  const calls = products.matmulCalls(a, b, result, { zerosLeftOut, by, parts });
  addUnit(context, tensor, { writes: [out], calls });
}

/**
 * Chooses how workers partition a product. Partitioned by panels, each worker reads all of the left factor
 * and its part of the right one. Partitioned by rows, each worker reads all of the right factor and its part
 * of the left one. In training, both factors are new at every step and have to reach the caches of other
 * processors, so the partitioning that transfers less is chosen. Otherwise the right factor stays in every
 * cache, and rows are partitioned.
 */
function choosePartitioning(
  { state }: Context,
  [m, k]: Shape,
  { columns: n, inPanels }: calls.Matrix,
): products.Partitioning {
  if (inPanels) return "panels";
  return state.size > 0 && k * n > m * (k + n) ? "panels" : "rows";
}

/**
 * Adds the units of a dot product. The products of vectors of equal layouts are added in the order of memory,
 * those of others in row-major order.
 */
function lowerDot(context: Context, tensor: Tensor): void {
  const { layout } = context;
  const [a, b] = tensor.inputs;
  const isAlike = sameRegions(layout.regionsOf(a), layout.regionsOf(b));
  const find = isAlike ? referenceTo : rowMajorReference;
  const operands = [find(context, a), find(context, b)] as const;
  const sums = allocateScratch(4 * calls.countDotBlocks(sizeOf(a.shape)));
  addComputation(context, tensor, (out) => calls.dotCalls(operands, sums, out), [sums]);
}

/**
 * Adds the units that gather the rows of a batch and, if it is augmented, augment them. Each worker gathers
 * all rows if `isReplicated` and the batch is not augmented, else its partition of them. Returns a reference
 * to the rows, encoded as in the data set.
 */
function gatherEncodedRows(context: Context, tensor: Tensor, isReplicated: boolean): Reference {
  return isAugmented(tensor)
    ? lowerAugmentation(context, tensor)
    : copyRowsFromDataset(context, tensor, batches.allocateEncodedRows(tensor), isReplicated);
}

/**
 * Adds the units that gather and augment rows, in memory that workers share. Each worker augments its
 * partition even if it compresses all rows afterwards, since augmenting all of them would cost more than
 * waiting for the others. Returns a reference to the augmented rows, encoded as in the data set.
 */
function lowerAugmentation(context: Context, tensor: Tensor): Reference {
  const known = context.augmented.get(tensor);
  if (known !== undefined) return known;
  const [before, ...others] = tensor.inputs;
  const rows = isAugmented(before)
    ? lowerAugmentation(context, before)
    : copyRowsFromDataset(context, before, images.allocateAugmentedRows(before), false);
  const operands = others.map((operand) => rowMajorReference(context, operand));
  const [out, work] = [
    images.allocateAugmentedRows(tensor),
    images.allocateAugmentationWork(tensor),
  ];
  context.augmented.set(tensor, out);
  addUnit(context, tensor, {
    action: tensor.operation.kind,
    writes: [out, ...work],
    calls: images.augmentCalls(tensor, { rows, operands, out, work }),
  });
  return out;
}

/**
 * Adds the unit that copies the rows of a batch from their data set to `out`. Each worker copies all rows if
 * `isReplicated`, else its partition of them. Returns `out`.
 */
function copyRowsFromDataset(
  context: Context,
  batch: Tensor,
  out: Reference,
  isReplicated: boolean,
): Reference {
  const rows = rowMajorReference(context, batch.inputs[1]);
  const calls = batches.copyRowsCalls(batch, rows, out, isReplicated);
  addUnit(context, batch, { action: "copy rows", writes: [out], calls });
  return out;
}

/**
 * Adds the units that compress a sparse batch to lists, one for each row or one for each column, if there are
 * none yet. Returns the lists.
 */
function compressBatch(
  context: Context,
  batch: Tensor,
  by: "rows" | "columns",
): batches.CompressedBatch {
  const known = context.compressed[by].get(batch);
  if (known !== undefined) return known;
  const out = batches.allocateCompressedBatch(batch, by);
  context.compressed[by].set(batch, out);
  const add = (calls: Calls) =>
    addUnit(context, batch, { action: `compress ${by}`, writes: [out.counts, out.entries], calls });
  if (by === "rows") {
    const isReplicated = context.lists === "replicated";
    const encodedRows = gatherEncodedRows(context, batch, isReplicated);
    add(batches.compressRowsCalls(batch, encodedRows, out, isReplicated));
  } else {
    add(batches.compressColumnsCalls(batch, compressBatch(context, batch, "rows"), out));
  }
  return out;
}

/**
 * Returns the units that copy outputs and new values of states to their spaces. Those in `before`, which copy
 * inputs, must run before all other units, since these may overwrite the inputs; those in `after` must run
 * after all others.
 */
function copyUnitsOfResults(
  context: Context,
  outputs: Outputs,
  state: Outputs,
): { readonly before: readonly Unit[]; readonly after: readonly Unit[] } {
  const before: Unit[] = [];
  const after: Unit[] = [];
  const isOld = ({ buffer }: Reference) => buffer.space !== undefined;
  for (const [name, tensor] of Object.entries(outputs)) {
    const from = rowMajorReference(context, tensor);
    const to = persistentReference(context, `out:${name}`, tensor);
    (isOld(from) ? before : after).push(createCopyUnit(context, tensor, from, to));
  }
  for (const [name, tensor] of Object.entries(state)) {
    const to = persistentReference(context, `in:${name}`, tensor);
    let from = referenceTo(context, tensor);
    if (from.buffer === to.buffer) continue;
    if (isOld(from)) {
      const kept = allocateScratch(from.bytes);
      before.push(createCopyUnit(context, tensor, from, kept));
      from = kept;
    }
    after.push(createCopyUnit(context, tensor, from, to));
  }
  return { before, after };
}

/** Returns a unit that copies the bytes of a tensor. Copy elision may remove such a unit. */
function createCopyUnit(context: Context, tensor: Tensor, from: Reference, to: Reference): Unit {
  return {
    label: unitLabel(context, tensor, "copy"),
    reads: [from],
    writes: [to],
    copy: { from, to },
    calls: [{
      kernel: "copyBytes",
      arguments: [from, to, from.bytes],
      reads: [accessTo(from)],
      writes: [accessTo(to)],
    }],
  };
}

/**
 * Adds units that convert a computed tensor to its planned layout if it has another one. Records a reference
 * to the tensor in its planned layout.
 *
 * @param computedRegions matrices that are in panels in `reference`
 */
function moveToPlannedLayout(
  context: Context,
  tensor: Tensor,
  reference: Reference,
  computedRegions: readonly PanelRegion[],
): void {
  const planned = context.layout.regionsOf(tensor);
  if (sameRegions(computedRegions, planned)) return void context.references.set(tensor, reference);
  const rows = addLayoutConversion(context, tensor, reference, computedRegions, "rows");
  context.references.set(tensor, addLayoutConversion(context, tensor, rows, planned, "panels"));
}

/**
 * Adds a unit that copies a tensor and converts the matrices of `regions` in the copy. Returns a reference to
 * the copy, or `from` if there are no regions.
 */
function addLayoutConversion(
  context: Context,
  tensor: Tensor,
  from: Reference,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): Reference {
  if (regions.length === 0) return from;
  const to = allocateScratch(from.bytes);
  context.units.push({
    label: unitLabel(context, tensor, `to ${direction}`),
    reads: [from],
    writes: [to],
    calls: calls.convertLayoutCalls(from, to, regions, direction),
  });
  return to;
}

/** Returns whether two lists have the same regions, in any order. */
function sameRegions(a: readonly PanelRegion[], b: readonly PanelRegion[]): boolean {
  return a.length === b.length && a.every((region) => hasRegion(b, region));
}

/** Returns a reference to a lowered tensor, in its planned layout. */
function referenceTo({ references }: Context, tensor: Tensor): Reference {
  return references.get(tensor) as Reference;
}

/**
 * Returns a reference to a lowered tensor in row-major order. If its planned layout has panels, adds a unit
 * that makes a row-major copy, once for each tensor.
 */
function rowMajorReference(context: Context, tensor: Tensor): Reference {
  const known = context.rows.get(tensor);
  if (known !== undefined) return known;
  const regions = context.layout.regionsOf(tensor);
  const rows = addLayoutConversion(context, tensor, referenceTo(context, tensor), regions, "rows");
  context.rows.set(tensor, rows);
  return rows;
}

/** Returns the memory of a lowered matrix in its planned layout. */
function plannedMatrix(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape;
  const inPanels = context.layout.regionsOf(tensor).length > 0;
  return { reference: referenceTo(context, tensor), rows, columns, inPanels };
}

/** Returns the memory of a lowered matrix in row-major order. */
function rowMajorMatrix(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape;
  return { reference: rowMajorReference(context, tensor), rows, columns, inPanels: false };
}

/**
 * Returns a reference to the space with a name, which persists after the program and has room for the tensor.
 */
function persistentReference({ persistent }: Context, space: string, { shape }: Tensor): Reference {
  const buffer = persistent.get(space) ?? { bytes: 4 * sizeOf(shape), space };
  persistent.set(space, buffer);
  return { buffer, offset: 0, bytes: buffer.bytes };
}

/** Kernels that reduce each row independently, by the kind of the reduction. */
const ROWWISE_KERNELS = { sum: "sumColumns", max: "maxColumns", argmax: "argmaxColumns" };

/**
 * Returns the number of micro-batches whose sums an operation computes first and then adds by a tree; 1 if it
 * computes each sum at once, or no sums.
 */
function countMicroBatches(operation: Operation): number {
  return "parts" in operation ? operation.parts ?? 1 : 1;
}

/** Returns the name of an operation in labels: "sum over rows", "matmul". */
function operationName(operation: Operation): string {
  const hasAxis = "axis" in operation && typeof operation.axis === "string";
  return hasAxis ? `${operation.kind} over ${operation.axis}` : operation.kind;
}

/**
 * Returns the label of a unit: "forward of layer 1 (dense): matmul", or the action alone for a tensor without
 * origin.
 */
function unitLabel({ origins }: Context, tensor: Tensor, action: string): string {
  const origin = origins.get(tensor);
  return origin === undefined ? action : `${origin}: ${action}`;
}
