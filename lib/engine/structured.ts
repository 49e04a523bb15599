/**
 * The kernel calls of structured operations.
 *
 * @module
 */

import { DOT_BLOCK, sizeOf, type Tensor } from "../tensor/mod.ts";
import { align } from "./memory.ts";
import { type Argument, type Call, panelsOf, type Place } from "./program.ts";

/** An operand and where it is. */
export interface Operand<Ref> {
  readonly tensor: Tensor;
  readonly ref: Ref;
  readonly inPanels: boolean;
}

/** Turns references to values into places, once these are known. */
export type MakeCalls<Ref> = (place: (ref: Ref) => Place) => readonly Call[];

/** What the calls of a structured operation are made from. */
export interface Target<Ref> {
  readonly out: Ref;
  readonly inPanels: boolean;
  /** The rows of a sparse batch, where the operation takes them. */
  readonly compressed: Ref;
  /** Reserves scratch memory for the length of the operation. */
  allocate(bytes: number): Ref;
  /** A part of the data set that the operation reads. */
  source(part: string): Place;
}

const shifted = ({ space, offset }: Place, bytes: number): Place => ({
  space,
  offset: offset + bytes,
});

/** A matrix product. */
export interface Product<Ref> {
  /** The left matrix as it lies in memory: before it is transposed, if it is. */
  readonly left: Tensor;
  readonly transposed: boolean;
  /** Whether `a` is a sparse batch, compressed by rows or, if transposed, by columns. */
  readonly sparse: boolean;
  readonly a: Ref;
  readonly b: Operand<Ref>;
  readonly out: Ref;
  readonly inPanels: boolean;
}

/** The calls of a matrix product: one, or one for each panel. */
export function matmulCalls<Ref>(
  { left, transposed, sparse, a, b, out, inPanels }: Product<Ref>,
): MakeCalls<Ref> {
  const [leftRows, leftColumns] = left.shape as readonly [number, number];
  const [depth, columns] = b.tensor.shape as readonly [number, number];
  const rows = transposed ? leftColumns : leftRows;
  const [aRow, aStep] = transposed ? [4, 4 * leftColumns] : [4 * leftColumns, 4];
  return (place) =>
    panelsOf(columns, inPanels || b.inPanels || sparse).map(({ first, width }) => {
      const right = b.inPanels
        ? [shifted(place(b.ref), 4 * first * depth), 4 * width]
        : [shifted(place(b.ref), 4 * first), 4 * columns];
      const result = inPanels
        ? [shifted(place(out), 4 * first * rows), 4 * width]
        : [shifted(place(out), 4 * first), 4 * columns];
      const operands = [...right, ...result] as const;
      if (sparse) {
        return {
          kernel: "sparseProduct",
          arguments: [place(a), ...operands, 0, rows, rows, width],
        };
      }
      return {
        kernel: "matmul",
        arguments: [place(a), aRow, aStep, ...operands, 0, rows, width, depth],
      };
    });
}

/** The calls of any other structured operation. */
export function structuredCalls<Ref>(
  tensor: Tensor,
  operands: readonly Operand<Ref>[],
  target: Target<Ref>,
): MakeCalls<Ref> {
  const { operation } = tensor;
  const [x, y] = operands as readonly [Operand<Ref>, Operand<Ref>];
  const { out } = target;
  const one =
    (kernel: string, ...list: readonly (Argument | { readonly ref: Ref })[]): MakeCalls<Ref> =>
    (place) => [{
      kernel,
      arguments: list.map((item) =>
        typeof item === "object" && "ref" in item ? place(item.ref) : item
      ),
    }];
  const size = () => x.tensor.shape as readonly [number, number];
  switch (operation.kind) {
    case "transpose":
      return transposeCalls(x, out);
    case "take":
      return takeCalls(tensor, x, target);
    case "sumRows":
    case "sumColumns":
    case "maxColumns":
    case "argmaxColumns":
      expectRows(operation.kind, x);
      return one(operation.kind, { ref: x.ref }, ...size(), { ref: out });
    case "pick":
      expectRows(operation.kind, x);
      return one("pick", { ref: x.ref }, { ref: y.ref }, ...size(), { ref: out });
    case "dot": {
      const length = sizeOf(x.tensor.shape);
      const blocks = Math.ceil(length / DOT_BLOCK);
      const sums = target.allocate(4 * blocks);
      return (place) => [
        {
          kernel: "dotBlocks",
          arguments: [place(x.ref), place(y.ref), length, place(sums), 0, blocks],
        },
        { kernel: "sumVector", arguments: [place(sums), blocks, place(out)] },
      ];
    }
    default:
      throw new TypeError(
        `Cannot compile: expected a structured operation: received ${operation.kind}`,
      );
  }
}

function expectRows<Ref>(operation: string, { inPanels }: Operand<Ref>): void {
  if (!inPanels) return;
  throw new TypeError(`Cannot compile ${operation}: expected a matrix in rows: received panels`);
}

/** A panel [rows, width] becomes rows of the transpose, and these follow each other. */
function transposeCalls<Ref>({ tensor, ref, inPanels }: Operand<Ref>, out: Ref): MakeCalls<Ref> {
  const [rows, columns] = tensor.shape as readonly [number, number];
  return (place) =>
    panelsOf(columns, inPanels).map(({ first, width }) => {
      const offset = 4 * first * rows;
      return {
        kernel: "transpose",
        arguments: [shifted(place(ref), offset), rows, width, shifted(place(out), offset)],
      };
    });
}

/** Rows of a data set as a dense matrix. */
function takeCalls<Ref>(tensor: Tensor, rows: Operand<Ref>, target: Target<Ref>): MakeCalls<Ref> {
  const [count, features] = tensor.shape as readonly [number, number];
  const data = tensor.inputs[0]?.operation;
  const encoding = data?.kind === "source" ? data.encoding : "dense32";
  if (encoding === "sparse8") {
    return (place) => [{
      kernel: "expandRows",
      arguments: [
        place(target.compressed),
        align(4 * (count + 1)),
        count,
        features,
        place(target.out),
      ],
    }];
  }
  const [values, scale] = [target.source("values"), target.source("scale")];
  const kernel = encoding === "dense8" ? "takeDense8" : "takeDense32";
  return (place) => [{
    kernel,
    arguments: [place(rows.ref), count, features, values, scale, place(target.out)],
  }];
}
