/**
 * Lowers an expression in canonical form to units, each after what it reads, with a span of memory for
 * every tensor.
 *
 * Outputs, new values of the state and parts of a concatenation are first computed and then copied to
 * where they belong; `elideCopies` makes most of these copies unnecessary.
 *
 * @module
 */

import { sizeOf, type Tensor } from "../tensor/mod.ts";
import { type Group, loopCalls } from "./emit.ts";
import { hasRegion, type LayoutPlan } from "./layout.ts";
import { isSparse } from "./reference.ts";
import type { PanelRegion } from "./program.ts";
import type { Origins, Outputs } from "./rewrite.ts";
import * as calls from "./structured.ts";
import { type Buffer, type MakeCalls, partOf, scratch, type Span, type Unit } from "./unit.ts";

/** An expression and what was decided about it. */
export interface Lowered {
  readonly outputs: Outputs;
  readonly state: Outputs;
  readonly origins: Origins;
  readonly groups: readonly Group[];
  readonly layout: LayoutPlan;
}

/** Units in the order in which they run, and the loops that they call as "loop0", "loop1" … */
export interface Lowering {
  readonly units: readonly Unit[];
  readonly loops: readonly Group[];
}

/** What is known so far. */
interface Context extends Lowered {
  readonly units: Unit[];
  readonly loops: Group[];
  /** Where each tensor is, in the layout that is planned for it. */
  readonly spans: Map<Tensor, Span>;
  /** Copies in rows of what lies in panels. */
  readonly rows: Map<Tensor, Span>;
  /** Batches of sparse rows, compressed by rows and by columns. */
  readonly compressed: Readonly<Record<"rows" | "columns", Map<Tensor, Span>>>;
  /** Buffers that last beyond the program, by space. */
  readonly lasting: Map<string, Buffer>;
}

/** Lowers an expression. */
export function lower(expression: Lowered): Lowering {
  const context: Context = {
    ...expression,
    units: [],
    loops: [],
    spans: new Map(),
    rows: new Map(),
    compressed: { rows: new Map(), columns: new Map() },
    lasting: new Map(),
  };
  const results = [...Object.values(expression.outputs), ...Object.values(expression.state)];
  for (const task of tasksInOrder(results, expression)) {
    if ("nodes" in task) lowerGroup(context, task);
    else lowerOperation(context, task);
  }
  const { before, after } = deliver(context);
  return { units: [...before, ...context.units, ...after], loops: context.loops };
}

/** What is computed in one go: a group, or another operation. */
type Task = Group | Tensor;

/** Tasks that results rest on, each after those that it rests on; not recursive, as it may be deep. */
function tasksInOrder(results: readonly Tensor[], { groups, layout }: Lowered): readonly Task[] {
  const groupOf = new Map(
    groups.flatMap((group) => [...group.nodes, ...group.writes].map((node) => [node, group])),
  );
  const taskOf = (tensor: Tensor): Task => groupOf.get(tensor) ?? tensor;
  const order = new Set<Task>();
  const pending = results.map(taskOf).toReversed();
  for (let task = pending.at(-1); task !== undefined; task = pending.at(-1)) {
    const missing = order.has(task)
      ? []
      : operandsOf(task, layout).map(taskOf).filter((other) => !order.has(other));
    if (missing.length === 0) {
      order.add(task);
      pending.pop();
    } else pending.push(...missing.toReversed());
  }
  return [...order];
}

/** What has to be in memory for a task; sparse and transposed factors are read as they lie. */
function operandsOf(task: Task, layout: LayoutPlan): readonly Tensor[] {
  if ("nodes" in task) return task.reads.map(({ tensor }) => tensor);
  const { operation, inputs } = task;
  if (operation.kind === "take") return inputs.slice(1);
  if (operation.kind !== "matmul") return inputs;
  const [left, right] = inputs as readonly [Tensor, Tensor];
  const plain = untransposed(left);
  return isSparse(left)
    ? [plain.inputs[1] as Tensor, right]
    : [plain, isReadTransposed(layout, right) ? untransposed(right) : right];
}

/** Whether a right factor is a transpose that the kernel reads where the matrix stands. */
function isReadTransposed(layout: LayoutPlan, right: Tensor): boolean {
  const plain = untransposed(right);
  return plain !== right && layout.regionsOf(plain).length === 0 &&
    layout.regionsOf(right).length === 0;
}

function untransposed(tensor: Tensor): Tensor {
  return tensor.operation.kind === "transpose" ? tensor.inputs[0] as Tensor : tensor;
}

function lowerGroup(context: Context, group: Group): void {
  const { layout, loops, spans, units } = context;
  const reads = group.reads.map(({ tensor, access }) =>
    access === "full" ? spanOf(context, tensor) : inRows(context, tensor)
  );
  const writes = group.writes.map(({ shape }) => scratch(4 * sizeOf(shape)));
  group.writes.forEach((tensor, index) => spans.set(tensor, writes[index] as Span));
  const name = `loop${loops.length}`;
  loops.push(group);
  const inPanels = layout.regionsOf(group.writes[0] as Tensor).length > 0;
  units.push({
    label: label(context, group.writes.at(-1) as Tensor, describe(group)),
    reads,
    writes,
    inStep: reads.filter((_, index) => group.reads[index]?.access === "full"),
    results: writes.filter((_, index) => group.writes[index]?.type === "float"),
    calls: (place) =>
      loopCalls(name, group, { reads: reads.map(place), writes: writes.map(place) }, inPanels),
  });
}

/** Names of a group's operations. */
function describe({ nodes }: Group): string {
  const kinds = new Set(
    nodes.map(({ operation }) => operation.kind === "primitive" ? operation.name : operation.kind),
  );
  const names = [...kinds].slice(0, 6).join(", ") || "fill";
  return kinds.size > 6 ? `${names}, …` : names;
}

/** Lowers an operation that is not elementwise. */
function lowerOperation(context: Context, tensor: Tensor): void {
  const { operation, shape, inputs: [x, y] } = tensor as Operands;
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
    case "transpose": {
      const matrix = matrixOf(context, x);
      return compute(context, tensor, [matrix.span], (out) => calls.transposeCalls(matrix, out));
    }
    case "sumRows": {
      const matrix = matrixOf(context, x);
      return compute(context, tensor, [matrix.span], (out) => calls.sumRowsCalls(matrix, out));
    }
    case "sumColumns":
    case "maxColumns":
    case "argmaxColumns": {
      const matrix = matrixInRows(context, x);
      const { kind } = operation;
      return compute(
        context,
        tensor,
        [matrix.span],
        (out) => calls.reduceColumnsCalls(kind, matrix, out),
      );
    }
    case "pick": {
      const matrix = matrixInRows(context, x);
      const columns = inRows(context, y);
      const make = (out: Span) => calls.pickCalls(matrix, columns, out);
      return compute(context, tensor, [matrix.span, columns], make);
    }
    case "dot":
      return lowerDot(context, tensor);
    case "take": {
      if (isSparse(tensor)) {
        const byRows = compressed(context, tensor, "rows");
        return compute(context, tensor, [byRows], (out) => calls.expandCalls(tensor, byRows, out));
      }
      const rows = inRows(context, y);
      return compute(context, tensor, [rows], (out) => calls.takeCalls(tensor, rows, out));
    }
    default:
      throw new TypeError(
        `Cannot compile: expected an operation with a kernel: received ${operation.kind} of [${
          shape.join(", ")
        }]`,
      );
  }
}

/** A tensor whose operands are known to exist. */
type Operands = Tensor & { readonly inputs: readonly [Tensor, Tensor] };

/** A structured operation whose result is in rows. */
function compute(
  context: Context,
  tensor: Tensor,
  reads: readonly Span[],
  make: (out: Span) => MakeCalls,
  work: readonly Span[] = [],
): void {
  const out = scratch(4 * sizeOf(tensor.shape));
  addUnit(context, tensor, { reads, out, work, calls: make(out) });
  settle(context, tensor, out, []);
}

function addUnit(
  context: Context,
  tensor: Tensor,
  { reads, out, work = [], calls }: {
    readonly reads: readonly Span[];
    readonly out: Span;
    readonly work?: readonly Span[];
    readonly calls: MakeCalls;
  },
): void {
  context.units.push({
    label: label(context, tensor, tensor.operation.kind),
    reads,
    writes: [out, ...work],
    results: tensor.type === "float" ? [out] : [],
    calls,
  });
}

/** A slice shows a part of its vector, unless that cuts through panels. */
function lowerSlice(context: Context, tensor: Tensor, offset: number): void {
  const { layout } = context;
  const { inputs: [vector], shape } = tensor as Operands;
  const [rows = 1, columns = 1] = shape;
  const size = sizeOf(shape);
  const regions = layout.regionsOf(vector);
  const isRegion = shape.length === 2 && hasRegion(regions, { offset, rows, columns });
  const isClear = regions.every((region) =>
    offset + size <= region.offset || region.offset + region.rows * region.columns <= offset
  );
  const from = isRegion || isClear ? spanOf(context, vector) : inRows(context, vector);
  const natural = isRegion ? [{ offset: 0, rows, columns }] : [];
  settle(context, tensor, partOf(from, 4 * offset, 4 * size), natural);
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
    units.push(copyUnit(context, part, from, partOf(out, 4 * offset, from.bytes)));
    offset += sizeOf(part.shape);
  }
  settle(context, tensor, out, natural);
}

function lowerProduct(context: Context, tensor: Tensor): void {
  const { inputs: [left, right] } = tensor as Operands;
  const out = scratch(4 * sizeOf(tensor.shape));
  context.spans.set(tensor, out);
  const result = matrixOf(context, tensor);
  const plain = untransposed(left);
  if (isSparse(left)) {
    const batch = compressed(context, plain, plain === left ? "rows" : "columns");
    const b = matrixOf(context, right);
    const product = calls.sparseProductCalls(batch, b, result);
    return addUnit(context, tensor, { reads: [batch, b.span], out, calls: product });
  }
  const work = scratch(calls.MATMUL_WORK);
  const a = { ...matrixInRows(context, plain), isTransposed: plain !== left };
  const b = isReadTransposed(context.layout, right)
    ? { ...matrixOf(context, untransposed(right)), isTransposed: true }
    : matrixOf(context, right);
  const product = calls.matmulCalls(a, b, result, work);
  addUnit(context, tensor, { reads: [a.span, b.span], out, work: [work], calls: product });
}

/** Vectors that lie alike are multiplied as they lie. */
function lowerDot(context: Context, tensor: Tensor): void {
  const { layout } = context;
  const [a, b] = tensor.inputs as readonly [Tensor, Tensor];
  const isAlike = sameRegions(layout.regionsOf(a), layout.regionsOf(b));
  const find = isAlike ? spanOf : inRows;
  const operands = [find(context, a), find(context, b)] as const;
  const sums = scratch(4 * calls.dotBlocks(sizeOf(a.shape)));
  compute(context, tensor, operands, (out) => calls.dotCalls(operands, sums, out), [sums]);
}

/** Sparse rows of a batch: for each row its columns and values, or the other way round. */
function compressed(context: Context, taken: Tensor, by: "rows" | "columns"): Span {
  const known = context.compressed[by].get(taken);
  if (known !== undefined) return known;
  const out = scratch(calls.compressedBytes(taken, by));
  context.compressed[by].set(taken, out);
  const [from, make] = by === "rows"
    ? [inRows(context, taken.inputs[1] as Tensor), calls.compressRowsCalls] as const
    : [compressed(context, taken, "rows"), calls.compressColumnsCalls] as const;
  context.units.push({
    label: label(context, taken, `compress ${by}`),
    reads: [from],
    writes: [out],
    calls: make(taken, from, out),
  });
  return out;
}

/** Says where a tensor is, after it was brought from the layout it was made in to the planned one. */
function settle(
  context: Context,
  tensor: Tensor,
  span: Span,
  made: readonly PanelRegion[],
): void {
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

/** Where a tensor is in rows. */
function inRows(context: Context, tensor: Tensor): Span {
  const known = context.rows.get(tensor);
  if (known !== undefined) return known;
  const regions = context.layout.regionsOf(tensor);
  const rows = relayout(context, tensor, spanOf(context, tensor), regions, "rows");
  context.rows.set(tensor, rows);
  return rows;
}

function matrixOf(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape as readonly [number, number];
  const inPanels = context.layout.regionsOf(tensor).length > 0;
  return { span: spanOf(context, tensor), rows, columns, inPanels };
}

function matrixInRows(context: Context, tensor: Tensor): calls.Matrix {
  const [rows, columns] = tensor.shape as readonly [number, number];
  return { span: inRows(context, tensor), rows, columns, inPanels: false };
}

/** A span of its own that lasts beyond the program. */
function lasting({ lasting }: Context, space: string, { shape }: Tensor): Span {
  const buffer = lasting.get(space) ?? { bytes: 4 * sizeOf(shape), space };
  lasting.set(space, buffer);
  return { buffer, offset: 0, bytes: buffer.bytes };
}

/** The copies of results to where they belong: of old values before anything, of new ones at the end. */
function deliver(context: Context): { before: readonly Unit[]; after: readonly Unit[] } {
  const before: Unit[] = [];
  const after: Unit[] = [];
  const isOld = ({ buffer }: Span) => buffer.space !== undefined;
  for (const [name, tensor] of Object.entries(context.outputs)) {
    const from = inRows(context, tensor);
    const to = lasting(context, `out:${name}`, tensor);
    (isOld(from) ? before : after).push(copyUnit(context, tensor, from, to));
  }
  for (const [name, tensor] of Object.entries(context.state)) {
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
    calls: (place) => [{ kernel: "copyBytes", arguments: [place(from), place(to), from.bytes] }],
  };
}

function label({ origins }: Context, tensor: Tensor, what: string): string {
  const origin = origins.get(tensor);
  return origin === undefined ? what : `${origin}: ${what}`;
}
