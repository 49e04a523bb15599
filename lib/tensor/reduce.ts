/**
 * Reductions of matrices along an axis.
 *
 * @module
 */
import type { Operation } from "./operations.ts";
import { dimension, expectRank, expectType, type Tensor, tensorOf } from "./tensor.ts";

/** An operation that reduces a matrix along an axis. */
type Reduction = Extract<Operation, { readonly kind: "sum" | "max" | "argmax" }>;

/**
 * Returns the reduction of a float matrix x [m, n] by an operation: → [n] if its axis is "rows", → [m] if
 * "columns".
 */
export function reduce(operation: Reduction, x: Tensor): Tensor {
  const { kind, axis } = operation;
  expectRank(kind, x, 2, "a matrix");
  expectType(kind, x, "float");
  const shape = [dimension(x, axis === "rows" ? 1 : 0)];
  const type = kind === "argmax" ? "integer" : "float";
  return tensorOf({ operation, inputs: [x], shape, type });
}
