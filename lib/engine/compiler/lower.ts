/**
 * Lowers an expression in canonical form to units, each after what it reads, with a span of memory for
 * every tensor.
 *
 * Outputs, new values of the state and parts of a concatenation are first computed and then copied to
 * where they belong; `elideCopies` makes most of these copies unnecessary.
 *
 * Here it is also chosen what workers do each for itself rather than wait for each other: the lists of
 * a sparse batch, and numbers that rest on nothing but inputs that stay.
 *
 * @module
 */

import { isAugmented, type Shape, sizeOf, type Tensor } from "../../tensor/mod.ts";
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
import { isReadTransposed, tasksInOrder, untransposed } from "./topological_order.ts";
import * as calls from "./calls/structured.ts";
import {
  type Buffer,
  type Calls,
  privateScratch,
  scratch,
  type Span,
  splitOf,
  touch,
  type Unit,
} from "./unit.ts";

interface Planned {
  readonly outputs: Outputs;
  /** Successors of inputs, by name. */
  readonly state: Outputs;
  readonly origins: Origins;
  readonly groups: readonly Group[];
  readonly layout: LayoutPlan;
}

/** What is known while an expression is lowered; grows with each unit. */
interface Context {
  readonly origins: Origins;
  readonly layout: LayoutPlan;
  /** Names of the inputs that the program replaces. */
  readonly state: ReadonlySet<string>;
  /** Whether every worker compresses all rows of a sparse batch for itself, or but its share of them. */
  readonly lists: "everyone's" | "shared";
  readonly units: Unit[];
  /** The groups whose loops they call. */
  readonly loops: Group[];
  /** Where each tensor is, in the layout that is planned for it. */
  readonly spans: Map<Tensor, Span>;
  /** Copies in rows of what lies in panels. */
  readonly rows: Map<Tensor, Span>;
  /** Batches of sparse rows, compressed by rows and by columns. */
  readonly compressed: Readonly<Record<"rows" | "columns", Map<Tensor, batches.Compressed>>>;
  /** Rows that are augmented, as data sets are stored. */
  readonly augmented: Map<Tensor, Span>;
  /** Buffers that last beyond the program, by space. */
  readonly lasting: Map<string, Buffer>;
}

interface Lowering {
  readonly units: readonly Unit[];
  /** The groups whose loops they call, by {@linkcode loopName}. */
  readonly loops: readonly Group[];
}

export function lower({ outputs, state, origins, groups, layout }: Planned): Lowering {
  const tasks = tasksInOrder({ outputs, state, groups, layout });
  const isByColumns = tasks.some((task) => !("nodes" in task) && isSparseTransposed(task));
  const lists = Object.keys(state).length > 0 || isByColumns ? "everyone's" : "shared";
  const results = new Set([...Object.values(outputs), ...Object.values(state)]);
  const context: Context = {
    origins,
    layout,
    state: new Set(Object.keys(state)),
    lists,
    units: [],
    loops: [],
    spans: new Map(),
    rows: new Map(),
    compressed: { rows: new Map(), columns: new Map() },
    augmented: new Map(),
    lasting: new Map(),
  };
  for (const task of tasks) {
    if ("nodes" in task) lowerGroup(context, task, results);
    else lowerOperation(context, task);
  }
  const { before, after } = deliver(context, outputs, state);
  return { units: [...before, ...context.units, ...after], loops: context.loops };
}

function isSparseTransposed({ operation, inputs: [left] }: Tensor): boolean {
  return operation.kind === "matmul" && left !== undefined && untransposed(left) !== left &&
    isSparse(left);
}

function lowerGroup(context: Context, group: Group, results: ReadonlySet<Tensor>): void {
  const { layout, loops, spans, units } = context;
  const reads = group.reads.map(({ tensor, access }) =>
    access === "full" ? spanOf(context, tensor) : inRows(context, tensor)
  );
  const isEveryones = reads.every((span) => isEveryonesToRead(context, span)) &&
    group.writes.every((tensor) => sizeOf(tensor.shape) === 1 && !results.has(tensor));
  const allocate = isEveryones ? privateScratch : scratch;
  const writes = group.writes.map(({ shape }) => allocate(4 * sizeOf(shape)));
  group.writes.forEach((tensor, index) => spans.set(tensor, writes[index]));
  const name = loopName(loops.length);
  loops.push(group);
  const regions = layout.regionsOf(group.writes[0]);
  units.push({
    label: label(context, group.writes.at(-1) as Tensor, describe(group)),
    reads,
    writes,
    inStep: reads.filter((_, index) => group.reads[index]?.access === "full"),
    results: writes.filter((_, index) => group.writes[index]?.type === "float"),
    calls: loopCalls(name, group, { reads, writes }, regions)
      .map((call) => isEveryones ? { ...call, isEveryones } : call),
  });
}

/** Whether every worker may read something at any time: an input that stays, or what is its own. */
function isEveryonesToRead({ state }: Context, { buffer }: Span): boolean {
  if (buffer.isPrivate === true) return true;
  return buffer.space?.startsWith("in:") === true && !state.has(buffer.space.slice("in:".length));
}

function describe({ nodes }: Group): string {
  const kinds = new Set(
    nodes.map(({ operation }) => operation.kind === "primitive" ? operation.name : operation.kind),
  );
  const names = [...kinds].slice(0, 6).join(", ") || "fill";
  return kinds.size > 6 ? `${names}, …` : names;
}

function lowerOperation(context: Context, tensor: Tensor): void {
  const { operation, shape, inputs: [x, y] } = tensor;
  switch (operation.kind) {
    case "input":
      return void context.spans.set(tensor, lasting(context, `in:${operation.name}`, tensor));
    case "slice":
      return lowerSlice(context, tensor, operation.offset);
    case "reshape":
      return settle(context, tensor, inRows(context, x), []);
    case "concatenate":
      return lowerConcatenation(context, tensor);
    case "matmul":
      return lowerProduct(context, tensor);
    case "transpose":
      return compute(context, tensor, (out) => calls.transposeCalls(matrixOf(context, x), out));
    case "sumRows":
      return compute(context, tensor, (out) => calls.sumRowsCalls(matrixOf(context, x), out));
    case "sumColumns":
    case "maxColumns":
    case "argmaxColumns": {
      const matrix = matrixInRows(context, x);
      return compute(context, tensor, (out) => calls.rowwiseCalls(operation.kind, matrix, out));
    }
    case "pick": {
      const matrix = matrixInRows(context, x);
      const columns = inRows(context, y);
      return compute(context, tensor, (out) => calls.pickCalls(matrix, columns, out));
    }
    case "dot":
      return lowerDot(context, tensor);
    case "take":
    case "warp":
    case "erase":
    case "blend":
    case "disturb": {
      if (isSparse(tensor)) {
        const byRows = compressed(context, tensor, "rows");
        return compute(context, tensor, (out) => batches.expandCalls(tensor, byRows, out));
      }
      const staged = storedRows(context, tensor, false);
      return compute(context, tensor, (out) => batches.decodeCalls(tensor, staged, out));
    }
    default:
      throw new TypeError(
        "Cannot compile: expected an operation with a kernel: " +
          `received ${operation.kind} of [${shape.join(", ")}]`,
      );
  }
}

function compute(
  context: Context,
  tensor: Tensor,
  make: (out: Span) => Calls,
  work: readonly Span[] = [],
): void {
  const out = scratch(4 * sizeOf(tensor.shape));
  addUnit(context, tensor, { writes: [out, ...work], calls: make(out) });
  settle(context, tensor, out, []);
}

/** Adds a unit that reads what its calls read; its first write is the tensor, if that is a result. */
function addUnit(
  context: Context,
  tensor: Tensor,
  { what, writes, calls }: {
    readonly what?: string;
    readonly writes: readonly Span[];
    readonly calls: Calls;
  },
): void {
  const read = new Set(calls.flatMap(({ reads }) => reads.map(({ place }) => place as Span)));
  context.units.push({
    label: label(context, tensor, what ?? tensor.operation.kind),
    reads: [...read].filter((span) => !writes.includes(span)),
    writes,
    results: what === undefined && tensor.type === "float" ? writes.slice(0, 1) : [],
    calls,
  });
}

/** A slice shows a part of its vector, unless that cuts through panels. */
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
  const from = isRegion || isClear ? spanOf(context, vector) : inRows(context, vector);
  const natural = isRegion ? [{ offset: 0, rows, columns }] : [];
  settle(context, tensor, splitOf(from, 4 * offset, 4 * size), natural);
}

/** Parts that are to lie in panels are copied so, all others in rows. */
function lowerConcatenation(context: Context, tensor: Tensor): void {
  const { layout, units } = context;
  const planned = layout.regionsOf(tensor);
  const out = scratch(4 * sizeOf(tensor.shape));
  const natural: PanelRegion[] = [];
  let offset = 0;
  for (const part of tensor.inputs) {
    const [own] = layout.regionsOf(part);
    const region = own && { ...own, offset: offset + own.offset };
    const isKept = part.shape.length === 2 && region !== undefined && hasRegion(planned, region);
    if (isKept) natural.push(region);
    const from = isKept ? spanOf(context, part) : inRows(context, part);
    units.push(copyUnit(context, part, from, splitOf(out, 4 * offset, from.bytes)));
    offset += sizeOf(part.shape);
  }
  settle(context, tensor, out, natural);
}

function lowerProduct(context: Context, tensor: Tensor): void {
  const { operation, inputs: [left, right] } = tensor;
  const out = scratch(4 * sizeOf(tensor.shape));
  context.spans.set(tensor, out);
  const result = matrixOf(context, tensor);
  const plain = untransposed(left);
  if (isSparse(left)) {
    const batch = compressed(context, plain, plain === left ? "rows" : "columns");
    const b = matrixOf(context, right);
    const by = context.lists === "everyone's" ? "panels" : "rows";
    const calls = products.sparseProductCalls(batch, b, result, by);
    return addUnit(context, tensor, { writes: [out], calls });
  }
  const a = { ...matrixInRows(context, plain), isTransposed: plain !== left };
  const b = isReadTransposed(context.layout, right)
    ? { ...matrixOf(context, untransposed(right)), isTransposed: true }
    : matrixOf(context, right);
  const by = sharingOf(context, left.shape, result);
  const zerosLeftOut = operation.kind === "matmul" && operation.zeros === "left out";
  const calls = products.matmulCalls(a, b, result, { zerosLeftOut, by });
  addUnit(context, tensor, { writes: [out], calls });
}

/**
 * How workers share a product. If all have their panels of the result, each reads its part of the right
 * factor alone, but all of the left one, and the others wait for the result; if all have their rows,
 * it is the other way round. In training both factors are new at every step and travel from one
 * processor to the other, and the smaller ones should; else the right one stays with everyone.
 */
function sharingOf(
  { state }: Context,
  [m, k]: Shape,
  { columns: n, inPanels }: calls.Matrix,
): products.Sharing {
  if (inPanels) return "panels";
  return state.size > 0 && k * n > m * (k + n) ? "panels" : "rows";
}

/** Vectors that lie alike are multiplied as they lie. */
function lowerDot(context: Context, tensor: Tensor): void {
  const { layout } = context;
  const [a, b] = tensor.inputs;
  const isAlike = sameRegions(layout.regionsOf(a), layout.regionsOf(b));
  const find = isAlike ? spanOf : inRows;
  const operands = [find(context, a), find(context, b)] as const;
  const sums = scratch(4 * calls.dotBlocks(sizeOf(a.shape)));
  compute(context, tensor, (out) => calls.dotCalls(operands, sums, out), [sums]);
}

/** The rows of a batch, augmented or not, as data sets are stored. */
function storedRows(context: Context, tensor: Tensor, isEveryones: boolean): Span {
  return isAugmented(tensor)
    ? augmented(context, tensor)
    : stage(context, tensor, batches.stagedOf(tensor), isEveryones);
}

/**
 * Rows that are augmented, in memory that workers share: each augments its own, however many of them it
 * compresses afterwards, since that costs more than to wait for the others.
 */
function augmented(context: Context, tensor: Tensor): Span {
  const known = context.augmented.get(tensor);
  if (known !== undefined) return known;
  const [before, ...others] = tensor.inputs;
  const rows = isAugmented(before)
    ? augmented(context, before)
    : stage(context, before, images.storedOf(before), false);
  const operands = others.map((operand) => inRows(context, operand));
  const [out, work] = [images.storedOf(tensor), images.workOf(tensor)];
  context.augmented.set(tensor, out);
  addUnit(context, tensor, {
    what: tensor.operation.kind,
    writes: [out, ...work],
    calls: images.augmentCalls(tensor, { rows, operands, out, work }),
  });
  return out;
}

/** Has the rows of a batch copied from their data set: all for every worker, or for each its own. */
function stage(context: Context, taken: Tensor, out: Span, isEveryones: boolean): Span {
  const rows = inRows(context, taken.inputs[1]);
  const calls = batches.stageCalls(taken, rows, out, isEveryones);
  addUnit(context, taken, { what: "stage rows", writes: [out], calls });
  return out;
}

/** Sparse rows of a batch: for each row its columns and values, or the other way round. */
function compressed(context: Context, taken: Tensor, by: "rows" | "columns"): batches.Compressed {
  const known = context.compressed[by].get(taken);
  if (known !== undefined) return known;
  const out = batches.compressedOf(taken, by);
  context.compressed[by].set(taken, out);
  const add = (calls: Calls) =>
    addUnit(context, taken, { what: `compress ${by}`, writes: [out.counts, out.entries], calls });
  if (by === "rows") {
    const isEveryones = context.lists === "everyone's";
    const staged = storedRows(context, taken, isEveryones);
    add(batches.compressRowsCalls(taken, staged, out, isEveryones));
  } else {
    add(batches.compressColumnsCalls(taken, compressed(context, taken, "rows"), out));
  }
  return out;
}

/** The copies of results to where they belong: of old values before anything, of new ones at the end. */
function deliver(
  context: Context,
  outputs: Outputs,
  state: Outputs,
): { readonly before: readonly Unit[]; readonly after: readonly Unit[] } {
  const before: Unit[] = [];
  const after: Unit[] = [];
  const isOld = ({ buffer }: Span) => buffer.space !== undefined;
  for (const [name, tensor] of Object.entries(outputs)) {
    const from = inRows(context, tensor);
    const to = lasting(context, `out:${name}`, tensor);
    (isOld(from) ? before : after).push(copyUnit(context, tensor, from, to));
  }
  for (const [name, tensor] of Object.entries(state)) {
    const to = lasting(context, `in:${name}`, tensor);
    let from = spanOf(context, tensor);
    if (from.buffer === to.buffer) continue;
    if (isOld(from)) {
      const kept = scratch(from.bytes);
      before.push(copyUnit(context, tensor, from, kept));
      from = kept;
    }
    after.push(copyUnit(context, tensor, from, to));
  }
  return { before, after };
}

function copyUnit(context: Context, tensor: Tensor, from: Span, to: Span): Unit {
  return {
    label: label(context, tensor, "copy"),
    reads: [from],
    writes: [to],
    copy: { from, to },
    calls: [{
      kernel: "copyBytes",
      arguments: [from, to, from.bytes],
      reads: [touch(from)],
      writes: [touch(to)],
    }],
  };
}

/** Says where a tensor is, after it was brought from the layout it was made in to the planned one. */
function settle(context: Context, tensor: Tensor, span: Span, made: readonly PanelRegion[]): void {
  const planned = context.layout.regionsOf(tensor);
  if (sameRegions(made, planned)) return void context.spans.set(tensor, span);
  const rows = relayout(context, tensor, span, made, "rows");
  context.spans.set(tensor, relayout(context, tensor, rows, planned, "panels"));
}

function relayout(
  context: Context,
  tensor: Tensor,
  from: Span,
  regions: readonly PanelRegion[],
  direction: "panels" | "rows",
): Span {
  if (regions.length === 0) return from;
  const to = scratch(from.bytes);
  context.units.push({
    label: label(context, tensor, `to ${direction}`),
    reads: [from],
    writes: [to],
    calls: calls.relayoutCalls(from, to, regions, direction),
  });
  return to;
}

function sameRegions(a: readonly PanelRegion[], b: readonly PanelRegion[]): boolean {
  return a.length === b.length && a.every((region) => hasRegion(b, region));
}

/** Where a tensor is that was lowered before, in its planned layout. */
function spanOf({ spans }: Context, tensor: Tensor): Span {
  return spans.get(tensor) as Span;
}

function inRows(context: Context, tensor: Tensor): Span {
  const known = context.rows.get(tensor);
  if (known !== undefined) return known;
  const regions = context.layout.regionsOf(tensor);
  const rows = relayout(context, tensor, spanOf(context, tensor), regions, "rows");
  context.rows.set(tensor, rows);
  return rows;
}

/** A matrix that was lowered before, in its planned layout. */
function matrixOf(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape;
  const inPanels = context.layout.regionsOf(tensor).length > 0;
  return { span: spanOf(context, tensor), rows, columns, inPanels };
}

function matrixInRows(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape;
  return { span: inRows(context, tensor), rows, columns, inPanels: false };
}

/** A span of its own that lasts beyond the program. */
function lasting({ lasting }: Context, space: string, { shape }: Tensor): Span {
  const buffer = lasting.get(space) ?? { bytes: 4 * sizeOf(shape), space };
  lasting.set(space, buffer);
  return { buffer, offset: 0, bytes: buffer.bytes };
}

function label({ origins }: Context, tensor: Tensor, what: string): string {
  const origin = origins.get(tensor);
  return origin === undefined ? what : `${origin}: ${what}`;
}
