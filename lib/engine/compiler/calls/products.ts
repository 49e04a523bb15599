/**
 * The kernel calls of products, dense and sparse, and how workers share them.
 *
 * @module
 */

import { type Compressed, listsOf, touchLists } from "./batch.ts";
import { FORM } from "../form.ts";
import { PANEL, type Place, type Touch, WORK } from "../../program/program.ts";
import { type Matrix, touch } from "./structured.ts";
import type { MakeCalls, Span } from "../unit.ts";

/** What workers share of a product: the rows of its result, or those of the result's panels. */
export type Sharing = "rows" | "panels";

function sharedRows({ rows, columns }: Matrix, by: Sharing): number {
  return by === "rows" ? rows : rows * Math.ceil(columns / PANEL);
}

/**
 * What a product writes. Of a matrix in rows whose panels are shared out, each worker is taken to write
 * all, though it writes but the columns of its panels.
 */
function productWrites(place: (span: Span) => Place, { span, ...out }: Matrix, by: Sharing): Touch {
  if (out.inPanels) return { ...touch(place(span), span), panels: out };
  return touch(place(span), span, by === "rows" ? 4 * out.columns : undefined);
}

/** left [m, k] · right [k, n] = out [m, n]. */
export function matmulCalls(
  left: Matrix,
  right: Matrix,
  out: Matrix,
  { zerosLeftOut, by }: { readonly zerosLeftOut: boolean; readonly by: Sharing },
): MakeCalls {
  const isTransposed = left.isTransposed === true;
  const form = (isTransposed ? FORM.leftTransposed : 0) +
    (right.isTransposed === true ? FORM.rightTransposed : 0) +
    (right.inPanels ? FORM.rightInPanels : 0) +
    (out.inPanels ? FORM.outInPanels : 0) +
    (zerosLeftOut ? FORM.zerosLeftOut : 0) +
    (by === "rows" ? FORM.sharedByRows : 0);
  const ownRows = by === "rows" && !isTransposed ? 4 * left.columns : undefined;
  return (place) => [{
    kernel: "matmul",
    arguments: [
      place(left.span),
      place(right.span),
      place(out.span),
      out.rows,
      out.columns,
      isTransposed ? left.rows : left.columns,
      form,
      { space: WORK, offset: 0 },
      ...["from", "to"] as const,
    ],
    rows: sharedRows(out, by),
    reads: [touch(place(left.span), left.span, ownRows), touch(place(right.span), right.span)],
    writes: [productWrites(place, out, by)],
    flops: zerosLeftOut
      ? {
        perEntry: 2 * out.columns,
        of: { numbers: place(left.span), length: left.span.bytes / 4 },
      }
      : 2 * out.rows * out.columns * (isTransposed ? left.rows : left.columns),
  }];
}

/** A batch compressed by rows, or by columns for its transpose, · right = out. */
export function sparseProductCalls(
  batch: Compressed,
  right: Matrix,
  out: Matrix,
  by: Sharing,
): MakeCalls {
  return (place) => [{
    kernel: "sparseProduct",
    arguments: [
      place(batch.counts),
      place(batch.entries),
      batch.slot,
      place(right.span),
      place(out.span),
      out.rows,
      out.columns,
      right.rows,
      ...[
        Number(right.inPanels),
        Number(out.inPanels),
        Number(by === "rows"),
        { space: WORK, offset: 0 },
        "from",
        "to",
      ] as const,
    ],
    rows: sharedRows(out, by),
    reads: [...touchLists(place, batch), touch(place(right.span), right.span)],
    writes: [productWrites(place, out, by)],
    flops: { perEntry: 2 * out.columns, of: listsOf(place, batch) },
  }];
}
