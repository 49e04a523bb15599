/**
 * Properties of tensors that rewriting, the reference and the compiler use.
 *
 * @module
 */
import { sourceRowsOf } from "./images.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Returns whether a tensor is a single number that is computed from constants alone.
 *
 * @param isConstantInput returns whether an input of the tensor is such a number
 */
export function isConstant(
  { operation, inputs, shape }: Tensor,
  isConstantInput: (input: Tensor) => boolean,
): boolean {
  if (operation.kind === "constant") return true;
  const isComputed = operation.kind === "function" ||
    operation.kind === "primitive" && operation.name !== "bitsOf" && operation.name !== "fromBits";
  return isComputed && shape.length === 0 && inputs.every(isConstantInput);
}

/**
 * Returns whether a tensor consists of rows of a sparse source, augmented or not, or is the transpose of such
 * rows.
 */
export function isSparse(tensor: Tensor): boolean {
  if (tensor.operation.kind === "transpose") return tensor.inputs.some(isSparse);
  const data = sourceRowsOf(tensor)?.inputs[0]?.operation;
  return data?.kind === "source" && data.encoding === "sparse8";
}
