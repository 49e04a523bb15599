import { dimension, expectRank, expectType, type Tensor, tensorOf } from "./tensor.ts";

/** Reductions of a matrix to a number for each column, or for each row, by the axis that vanishes. */
const REDUCTIONS = {
  sumRows: { name: "sum", kept: 1, type: "float" },
  sumColumns: { name: "sum", kept: 0, type: "float" },
  maxColumns: { name: "max", kept: 0, type: "float" },
  argmaxColumns: { name: "argmax", kept: 0, type: "integer" },
} as const;

/** Reduces a matrix [m, n] along an axis: what sum(), max() and argmax() have in common. */
export function reduce(kind: keyof typeof REDUCTIONS, x: Tensor): Tensor {
  const { name, kept, type } = REDUCTIONS[kind];
  expectRank(name, x, 2, "a matrix");
  expectType(name, x, "float");
  return tensorOf({ operation: { kind }, inputs: [x], shape: [dimension(x, kept)], type });
}
