/**
 * The norm of a gradient in several vectors.
 *
 * @module
 */
import { add, dot, sqrt, type Tensor } from "../tensor/mod.ts";

/** Computes the Euclidean norm of a gradient in several vectors: the root of the sum of all squares, []. */
export function globalNorm(vectors: readonly Tensor[]): Tensor {
  return sqrt(vectors.map((vector) => dot(vector, vector)).reduce((a, b) => add(a, b)));
}
