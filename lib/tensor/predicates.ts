import { takenOf } from "./images.ts";
import type { Tensor } from "./tensor.ts";

/** Whether a single number rests on constants alone, given which of its inputs do. */
export function isConstant(
  { operation, inputs, shape }: Tensor,
  isConstantInput: (input: Tensor) => boolean,
): boolean {
  if (operation.kind === "constant") return true;
  const isComputed = operation.kind === "function" ||
    operation.kind === "primitive" && operation.name !== "bitsOf" && operation.name !== "fromBits";
  return isComputed && shape.length === 0 && inputs.every(isConstantInput);
}

/** Whether a tensor is rows of a sparse source, augmented or not, or those transposed. */
export function isSparse(tensor: Tensor): boolean {
  if (tensor.operation.kind === "transpose") return tensor.inputs.some(isSparse);
  const data = takenOf(tensor)?.inputs[0]?.operation;
  return data?.kind === "source" && data.encoding === "sparse8";
}
