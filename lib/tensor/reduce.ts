/**
 * Reductions of matrices along an axis.
 *
 * @module
 */
import { dimension, expectRank, expectType, type Tensor, tensorOf } from "./tensor.ts";

/** Reductions of a matrix; each name ends in the axis that is reduced, `kept` is the axis that remains. */
const REDUCTIONS = {
  sumRows: { name: "sum", kept: 1, type: "float" },
  sumColumns: { name: "sum", kept: 0, type: "float" },
  maxColumns: { name: "max", kept: 0, type: "float" },
  argmaxColumns: { name: "argmax", kept: 0, type: "integer" },
} as const;

/** Reduces a matrix [m, n] along an axis, for sum(), max() and argmax(). */
export function reduce(kind: keyof typeof REDUCTIONS, x: Tensor): Tensor {
  const { name, kept, type } = REDUCTIONS[kind];
  expectRank(name, x, 2, "a matrix");
  expectType(name, x, "float");
  return tensorOf({ operation: { kind }, inputs: [x], shape: [dimension(x, kept)], type });
}
