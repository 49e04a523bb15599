/**
 * Structured operations: products, reductions, gathering, and changes of shape.
 *
 * @module
 */
import type { ElementType, Operation } from "./operations.ts";
import { reduce } from "./reduce.ts";
import {
  dimension,
  expectRank,
  expectType,
  formatShape,
  sameShape,
  type Shape,
  sizeOf,
  type Tensor,
  tensorOf,
} from "./tensor.ts";

/** Returns a tensor with an operation, its operands, and the shape and type of the result. Checks nothing. */
function createNode(
  operation: Operation,
  inputs: readonly Tensor[],
  shape: Shape,
  type: ElementType = "float",
): Tensor {
  return tensorOf({ operation, inputs, shape, type });
}

/**
 * Multiplies matrices: a [m, k] · b [k, n] → [m, n]. Each element is one sum over k in rising order; the
 * multiplication and the addition are each rounded. Interpreters skip zeros of a where there are many, see
 * `skipZeros`.
 *
 * @throws {TypeError} if a and b are not float matrices, or a has not as many columns as b has rows
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  const shapes = `${formatShape(a.shape)} and ${formatShape(b.shape)}`;
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
  return createNode({ kind: "matmul", zeros: "multiplied" }, [a, b], [
    dimension(a, 0),
    dimension(b, 1),
  ]);
}

/** Transposes a matrix: [m, n] → [n, m]. */
export function transpose(x: Tensor): Tensor {
  expectRank("transpose", x, 2, "a matrix");
  expectType("transpose", x, "float");
  return createNode({ kind: "transpose" }, [x], [dimension(x, 1), dimension(x, 0)]);
}

/** Sums a matrix [m, n] in rising order of indices: over the rows → [n], or over the columns → [m]. */
export function sum(x: Tensor, axis: "rows" | "columns"): Tensor {
  return reduce({ kind: "sum", axis }, x);
}

/**
 * Returns the index of the column with the largest element of each row, the first of equal ones: [m, n] →
 * integer [m].
 */
export function argmax(x: Tensor): Tensor {
  return reduce({ kind: "argmax", axis: "columns" }, x);
}

/**
 * Gathers one element of each row of x [m, n] → [m]. `columns`, integer [m], has the column index of each.
 *
 * @throws {TypeError} if x is not a float matrix, or `columns` is not an integer for each of its rows
 */
export function gatherColumns(x: Tensor, columns: Tensor): Tensor {
  expectRank("gather columns", x, 2, "a matrix");
  expectType("gather columns", x, "float");
  expectRank("gather columns", columns, 1, "columns");
  expectType("gather columns", columns, "integer");
  if (dimension(x, 0) !== dimension(columns, 0)) {
    throw new TypeError(
      `Cannot gather columns: expected a column for each row: received ${
        formatShape(x.shape)
      } and ${formatShape(columns.shape)}`,
    );
  }
  return createNode({ kind: "gatherColumns" }, [x, columns], [dimension(x, 0)]);
}

/**
 * Sums a · b over all elements of two tensors of one shape → []. Blocks of {@linkcode DOT_BLOCK} elements are
 * summed first, each in {@linkcode DOT_LANES} interleaved sums that are added in pairs; then the sums of the
 * blocks are added in order.
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  expectType("dot", a, "float");
  expectType("dot", b, "float");
  if (!sameShape(a.shape, b.shape)) {
    throw new TypeError(
      `Cannot dot: expected tensors of one shape: received ${formatShape(a.shape)} and ${
        formatShape(b.shape)
      }`,
    );
  }
  return createNode({ kind: "dot" }, [a, b], []);
}

/** Number of elements in a block of {@linkcode dot}. */
export const DOT_BLOCK = 4096;
/** Number of interleaved sums within a block of {@linkcode dot}. */
export const DOT_LANES = 16;

/**
 * Gathers and decodes rows of a data set → [batch, features].
 *
 * @param data a {@linkcode source} [features]
 * @param rows indices of the rows in the data set, integer [batch]
 * @throws {TypeError} if `data` is not a source, or `rows` not an integer vector
 */
export function gatherRows(data: Tensor, rows: Tensor): Tensor {
  if (data.operation.kind !== "source") {
    throw new TypeError(`Cannot gather rows: expected a source: received ${data.operation.kind}`);
  }
  expectRank("gather rows", rows, 1, "rows");
  expectType("gather rows", rows, "integer");
  return createNode({ kind: "gatherRows" }, [data, rows], [dimension(rows, 0), dimension(data, 0)]);
}

/**
 * Returns the consecutive elements of a vector from index `offset` on, as a tensor of the given shape that
 * shares them.
 *
 * @throws {RangeError} if the vector has fewer elements than that
 */
export function slice(vector: Tensor, offset: number, shape: Shape): Tensor {
  expectRank("slice", vector, 1, "a vector");
  const end = offset + sizeOf(shape);
  if (!Number.isInteger(offset) || offset < 0 || end > dimension(vector, 0)) {
    throw new RangeError(
      `Cannot slice: expected a part of ${formatShape(vector.shape)}: received ${offset} to ${end}`,
    );
  }
  return createNode({ kind: "slice", offset }, [vector], shape, vector.type);
}

/**
 * Returns a view of the same elements, in row-major order, in another shape.
 *
 * @throws {TypeError} if the two shapes have different numbers of elements
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== sizeOf(x.shape)) {
    throw new TypeError(
      `Cannot reshape: expected as many elements: received ${formatShape(x.shape)} and ${
        formatShape(shape)
      }`,
    );
  }
  return createNode({ kind: "reshape" }, [x], shape, x.type);
}

/**
 * Concatenates the elements of float tensors, each in row-major order, to one vector.
 *
 * @throws {TypeError} if there are no tensors
 */
export function concatenate(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) {
    throw new TypeError("Cannot concatenate: expected at least one tensor: received none");
  }
  for (const part of parts) expectType("concatenate", part, "float");
  const length = parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return createNode({ kind: "concatenate" }, parts, [length]);
}
