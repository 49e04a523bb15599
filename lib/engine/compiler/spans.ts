/**
 * Where tensors are while an expression is lowered, and the units that bring them from one layout to
 * another.
 *
 * @module
 */

import { sizeOf, type Tensor } from "../../tensor/mod.ts";
import type { Compressed } from "./calls/batch.ts";
import type { Group } from "./group.ts";
import { hasRegion, type LayoutPlan } from "./layout.ts";
import type { PanelRegion } from "../program/program.ts";
import type { Origins } from "../../tensor/rewrite.ts";
import { type Matrix, relayoutCalls } from "./calls/structured.ts";
import { type Buffer, scratch, type Span, type Unit } from "./unit.ts";

/** What is known while an expression is lowered; grows with each unit. */
export interface Context {
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
  readonly compressed: Readonly<Record<"rows" | "columns", Map<Tensor, Compressed>>>;
  /** Rows that are deformed, as data sets are stored. */
  readonly deformed: Map<Tensor, Span>;
  /** Buffers that last beyond the program, by space. */
  readonly lasting: Map<string, Buffer>;
}

export function newContext(
  planned: Pick<Context, "origins" | "layout" | "state" | "lists">,
): Context {
  return {
    ...planned,
    units: [],
    loops: [],
    spans: new Map(),
    rows: new Map(),
    compressed: { rows: new Map(), columns: new Map() },
    deformed: new Map(),
    lasting: new Map(),
  };
}

/** Says where a tensor is, after it was brought from the layout it was made in to the planned one. */
export function settle(
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
    calls: relayoutCalls(from, to, regions, direction),
  });
  return to;
}

/** Whether the same matrices lie in panels. */
export function sameRegions(a: readonly PanelRegion[], b: readonly PanelRegion[]): boolean {
  return a.length === b.length && a.every((region) => hasRegion(b, region));
}

/** Where a tensor is that was lowered before, in its planned layout. */
export function spanOf({ spans }: Context, tensor: Tensor): Span {
  return spans.get(tensor) as Span;
}

export function inRows(context: Context, tensor: Tensor): Span {
  const known = context.rows.get(tensor);
  if (known !== undefined) return known;
  const regions = context.layout.regionsOf(tensor);
  const rows = relayout(context, tensor, spanOf(context, tensor), regions, "rows");
  context.rows.set(tensor, rows);
  return rows;
}

/** A matrix that was lowered before, in its planned layout. */
export function matrixOf(context: Context, tensor: Tensor): Matrix {
  const [rows, columns] = tensor.shape as readonly [number, number];
  const inPanels = context.layout.regionsOf(tensor).length > 0;
  return { span: spanOf(context, tensor), rows, columns, inPanels };
}

export function matrixInRows(context: Context, tensor: Tensor): Matrix {
  const [rows, columns] = tensor.shape as readonly [number, number];
  return { span: inRows(context, tensor), rows, columns, inPanels: false };
}

/** A span of its own that lasts beyond the program. */
export function lasting({ lasting }: Context, space: string, { shape }: Tensor): Span {
  const buffer = lasting.get(space) ?? { bytes: 4 * sizeOf(shape), space };
  lasting.set(space, buffer);
  return { buffer, offset: 0, bytes: buffer.bytes };
}

export function label({ origins }: Context, tensor: Tensor, what: string): string {
  const origin = origins.get(tensor);
  return origin === undefined ? what : `${origin}: ${what}`;
}
