import type { Operation } from "./operations.ts";
import {
  dimension,
  expectRank,
  expectType,
  sameShape,
  type Shape,
  show,
  sizeOf,
  type Tensor,
} from "./tensor.ts";

function node(operation: Operation, inputs: readonly Tensor[], shape: Shape): Tensor {
  return { operation, inputs, shape, type: "float" };
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

/** Sum of the rows, in rising order: [m, n] → [n]. */
export function sumRows(x: Tensor): Tensor {
  return reduce("sumRows", x, 1);
}

/** Sum of the columns, in rising order: [m, n] → [m]. */
export function sumColumns(x: Tensor): Tensor {
  return reduce("sumColumns", x, 0);
}

/** The largest number of each row: [m, n] → [m]; NaN if the row has one. */
export function maxColumns(x: Tensor): Tensor {
  return reduce("maxColumns", x, 0);
}

function reduce(kind: "sumRows" | "sumColumns" | "maxColumns", x: Tensor, kept: 0 | 1): Tensor {
  expectRank(kind, x, 2, "a matrix");
  expectType(kind, x, "float");
  return node({ kind }, [x], [dimension(x, kept)]);
}

/** Column of the largest number of each row, the first of equals: [m, n] → integer [m]. */
export function argmaxColumns(x: Tensor): Tensor {
  expectRank("argmaxColumns", x, 2, "a matrix");
  expectType("argmaxColumns", x, "float");
  return { ...node({ kind: "argmaxColumns" }, [x], [dimension(x, 0)]), type: "integer" };
}

/** From each row the number in a given column: x [m, n], columns integer [m] → [m]. */
export function pick(x: Tensor, columns: Tensor): Tensor {
  expectRank("pick", x, 2, "a matrix");
  expectType("pick", x, "float");
  expectRank("pick", columns, 1, "columns");
  expectType("pick", columns, "integer");
  if (dimension(x, 0) !== dimension(columns, 0)) {
    throw new TypeError(
      `Cannot pick: expected a column for each row: received ${show(x.shape)} and ${
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
export function take(data: Tensor, rows: Tensor): Tensor {
  if (data.operation.kind !== "source") {
    throw new TypeError(`Cannot take: expected a source: received ${data.operation.kind}`);
  }
  expectRank("take", rows, 1, "rows");
  expectType("take", rows, "integer");
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
  return { ...node({ kind: "slice", offset }, [vector], shape), type: vector.type };
}

/** The same elements in another shape. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new TypeError(
      `Cannot reshape: expected as many elements: received ${show(x.shape)} and ${show(shape)}`,
    );
  }
  return { ...node({ kind: "reshape" }, [x], shape), type: x.type };
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
