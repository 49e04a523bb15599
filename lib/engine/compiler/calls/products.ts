import { type Compressed, listsOf, touchLists } from "./batch.ts";
import { FORM } from "../form.ts";
import { PANEL, type Touch, WORK } from "../../program/program.ts";
import type { Matrix } from "./structured.ts";
import { type Calls, type Span, touch } from "../unit.ts";

/** What workers share of a product: the rows of its result, or those of the result's panels. */
export type Sharing = "rows" | "panels";

function sharedRows({ rows, columns }: Matrix, by: Sharing): number {
  return by === "rows" ? rows : rows * Math.ceil(columns / PANEL);
}

/**
 * What a product writes. Of a matrix in rows whose panels are shared out, each worker is taken to write
 * all, though it writes but the columns of its panels.
 */
function productWrites({ span, ...out }: Matrix, by: Sharing): Touch<Span> {
  if (out.inPanels) return { ...touch(span), panels: out };
  return touch(span, by === "rows" ? 4 * out.columns : undefined);
}

/** left [m, k] · right [k, n] = out [m, n]. */
export function matmulCalls(
  left: Matrix,
  right: Matrix,
  out: Matrix,
  { zerosLeftOut, by }: { readonly zerosLeftOut: boolean; readonly by: Sharing },
): Calls {
  const isTransposed = left.isTransposed === true;
  const form = (isTransposed ? FORM.leftTransposed : 0) +
    (right.isTransposed === true ? FORM.rightTransposed : 0) +
    (right.inPanels ? FORM.rightInPanels : 0) +
    (out.inPanels ? FORM.outInPanels : 0) +
    (zerosLeftOut ? FORM.zerosLeftOut : 0) +
    (by === "rows" ? FORM.sharedByRows : 0);
  const ownRows = by === "rows" && !isTransposed ? 4 * left.columns : undefined;
  return [{
    kernel: "matmul",
    arguments: [
      left.span,
      right.span,
      out.span,
      out.rows,
      out.columns,
      isTransposed ? left.rows : left.columns,
      form,
      { space: WORK, offset: 0 },
      "from",
      "to",
    ],
    rows: sharedRows(out, by),
    reads: [touch(left.span, ownRows), touch(right.span)],
    writes: [productWrites(out, by)],
    flops: zerosLeftOut
      ? { perEntry: 2 * out.columns, of: { numbers: left.span, length: left.span.bytes / 4 } }
      : 2 * out.rows * out.columns * (isTransposed ? left.rows : left.columns),
  }];
}

/** A batch compressed by rows, or by columns for its transpose, · right = out. */
export function sparseProductCalls(
  batch: Compressed,
  right: Matrix,
  out: Matrix,
  by: Sharing,
): Calls {
  return [{
    kernel: "sparseProduct",
    arguments: [
      batch.counts,
      batch.entries,
      batch.slot,
      right.span,
      out.span,
      out.rows,
      out.columns,
      right.rows,
      Number(right.inPanels),
      Number(out.inPanels),
      Number(by === "rows"),
      { space: WORK, offset: 0 },
      "from",
      "to",
    ],
    rows: sharedRows(out, by),
    reads: [...touchLists(batch), touch(right.span)],
    writes: [productWrites(out, by)],
    flops: { perEntry: 2 * out.columns, of: listsOf(batch) },
  }];
}
