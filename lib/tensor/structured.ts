import type { ElementType, Operation } from "./operations.ts";
import { reduce } from "./reduce.ts";
import {
  dimension,
  expectRank,
  expectType,
  sameShape,
  type Shape,
  show,
  sizeOf,
  type Tensor,
  tensorOf,
} from "./tensor.ts";

function node(
  operation: Operation,
  inputs: readonly Tensor[],
  shape: Shape,
  type: ElementType = "float",
): Tensor {
  return tensorOf({ operation, inputs, shape, type });
}

/**
 * Matrix product: a [m, k] · b [k, n] → [m, n]. Each number is one sum over k in rising order, a
 * product and then an addition rounded each. Interpreters leave zeros of a out of the sums where there
 * are many, see `skipZeros`.
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const shapes = `${show(a.shape)} and ${show(b.shape)}`;
  if (a.shape.length !== 2 || b.shape.length !== 2) {
    throw new TypeError(`Cannot matmul: expected two matrices: received ${shapes}`);
  }
  if (dimension(a, 1) !== dimension(b, 0)) {
    throw new TypeError(
      `Cannot matmul: expected as many columns on the left as rows on the right: received ${shapes}`,
    );
  }
  expectType("matmul", a, "float");
  expectType("matmul", b, "float");
  return node({ kind: "matmul", zeros: "multiplied" }, [a, b], [dimension(a, 0), dimension(b, 1)]);
}

/** Rows and columns exchanged: [m, n] → [n, m]. */
export function transpose(x: Tensor): Tensor {
  expectRank("transpose", x, 2, "a matrix");
  expectType("transpose", x, "float");
  return node({ kind: "transpose" }, [x], [dimension(x, 1), dimension(x, 0)]);
}

/** Sum over an axis, in rising order: over the rows [m, n] → [n], over the columns [m, n] → [m]. */
export function sum(x: Tensor, axis: "rows" | "columns"): Tensor {
  return reduce(axis === "rows" ? "sumRows" : "sumColumns", x);
}

/** Column of the largest number of each row, the first of equals: [m, n] → integer [m]. */
export function argmax(x: Tensor): Tensor {
  return reduce("argmaxColumns", x);
}

/** From each row the number in a given column: x [m, n], columns integer [m] → [m]. */
export function gatherColumns(x: Tensor, columns: Tensor): Tensor {
  expectRank("gather columns", x, 2, "a matrix");
  expectType("gather columns", x, "float");
  expectRank("gather columns", columns, 1, "columns");
  expectType("gather columns", columns, "integer");
  if (dimension(x, 0) !== dimension(columns, 0)) {
    throw new TypeError(
      `Cannot gather columns: expected a column for each row: received ${show(x.shape)} and ${
        show(columns.shape)
      }`,
    );
  }
  return node({ kind: "pick" }, [x, columns], [dimension(x, 0)]);
}

/**
 * Sum of a · b over all elements of two tensors of one shape → []. Blocks of {@linkcode DOT_BLOCK} are summed first,
 * each in {@linkcode DOT_LANES} interleaved sums that are added in pairs; then the blocks in order.
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  expectType("dot", a, "float");
  expectType("dot", b, "float");
  if (!sameShape(a.shape, b.shape)) {
    throw new TypeError(
      `Cannot dot: expected tensors of one shape: received ${show(a.shape)} and ${show(b.shape)}`,
    );
  }
  return node({ kind: "dot" }, [a, b], []);
}

/** Elements to a block of {@linkcode dot}. */
export const DOT_BLOCK = 4096;
/** Interleaved sums within a block of {@linkcode dot}. */
export const DOT_LANES = 16;

/** Rows of a data set, decoded: data [features], rows integer [batch] → [batch, features]. */
export function gatherRows(data: Tensor, rows: Tensor): Tensor {
  if (data.operation.kind !== "source") {
    throw new TypeError(`Cannot gather rows: expected a source: received ${data.operation.kind}`);
  }
  expectRank("gather rows", rows, 1, "rows");
  expectType("gather rows", rows, "integer");
  return node({ kind: "take" }, [data, rows], [dimension(rows, 0), dimension(data, 0)]);
}

/** Part of a vector, from an offset on, seen in a shape of its own. */
export function slice(vector: Tensor, offset: number, shape: Shape): Tensor {
  expectRank("slice", vector, 1, "a vector");
  const end = offset + sizeOf(shape);
  if (!Number.isInteger(offset) || offset < 0 || end > dimension(vector, 0)) {
    throw new RangeError(
      `Cannot slice: expected a part of ${show(vector.shape)}: received ${offset} to ${end}`,
    );
  }
  return node({ kind: "slice", offset }, [vector], shape, vector.type);
}

/** The same elements in another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new TypeError(
      `Cannot reshape: expected as many elements: received ${show(x.shape)} and ${show(shape)}`,
    );
  }
  return node({ kind: "reshape" }, [x], shape, x.type);
}

/** All elements of some tensors, one after the other, as a vector. */
export function concatenate(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) {
    throw new TypeError("Cannot concatenate: expected at least one tensor: received none");
  }
  for (const part of parts) expectType("concatenate", part, "float");
  const length = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return node({ kind: "concatenate" }, parts, [length]);
}
