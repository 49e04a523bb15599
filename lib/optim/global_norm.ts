import { add, dot, sqrt, type Tensor } from "../tensor/mod.ts";

/** Euclidean length of some vectors taken as one: the root of the sum of all squares, []. */
export function globalNorm(vectors: readonly Tensor[]): Tensor {
  return sqrt(vectors.map((vector) => dot(vector, vector)).reduce((a, b) => add(a, b)));
}
