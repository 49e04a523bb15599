/**
 * Rewrites an expression to the canonical form that the compiler needs: functions are expanded to
 * primitives, constants are folded, and equal nodes are merged. Nothing is reassociated or simplified.
 *
 * @module
 */

import { EXPANSIONS } from "../../tensor/functions.ts";
import { topologicalOrder } from "../../tensor/graph.ts";
import * as math from "../../tensor/math/math.ts";
import { constant, type Tensor } from "../../tensor/mod.ts";
import type { Operation } from "../../tensor/operations.ts";
import { isConstant } from "../../tensor/predicates.ts";
import { type Origins, type Outputs, rebuild } from "../../tensor/rewrite.ts";
import { SCALAR } from "../../tensor/scalar.ts";

/**
 * Rewrites an expression to canonical form, for computation in single precision. Returns the rewritten
 * outputs under their names, and the origins of their tensors.
 */
export function canonicalize(
  outputs: Outputs,
  origins: Origins = new Map(),
): { readonly outputs: Outputs; readonly origins: Origins } {
  const numbers = new Map<Tensor, number>();
  const unique = new Map<string, Tensor>();
  const numberOf = (tensor: Tensor) => numbers.get(tensor) as number;

  /** Returns the first node so far that is equal to the given one; the given one itself if there is none. */
  const merge = (tensor: Tensor): Tensor => {
    if (numbers.has(tensor)) return tensor;
    const { operation, shape, type, inputs } = tensor;
    const id = JSON.stringify([operationKey(operation), shape, type, inputs.map(numberOf)]);
    const known = unique.get(id);
    if (known !== undefined) return known;
    unique.set(id, tensor);
    numbers.set(tensor, numbers.size);
    return tensor;
  };

  return rebuild(outputs, origins, (tensor, record) => {
    const folded = foldConstants(tensor);
    const expanded = folded.operation.kind === "function"
      ? EXPANSIONS[folded.operation.name](folded.inputs[0])
      : folded;
    const merged = new Map<Tensor, Tensor>();
    for (const node of topologicalOrder([expanded], (known) => numbers.has(known))) {
      const unique = merge({
        ...node,
        inputs: node.inputs.map((input) => merged.get(input) ?? input),
      });
      record(unique);
      merged.set(node, unique);
    }
    return merged.get(expanded) ?? expanded;
  });
}

/**
 * Replaces a tensor whose operands are all constants by its value, computed in double precision, and the
 * transpose of a transpose by its matrix. Returns other tensors unchanged.
 */
function foldConstants(tensor: Tensor): Tensor {
  const { operation, inputs: [first], type } = tensor;
  if (operation.kind === "transpose" && first?.operation.kind === "transpose") {
    return first.inputs[0];
  }
  const isKnown = ({ operation }: Tensor) => operation.kind === "constant";
  if (!isConstant(tensor, isKnown)) return tensor;
  const [a, b, c] = tensor.inputs.map(constantElement);
  if (operation.kind === "function") return constant(math[operation.name](a), type);
  return operation.kind === "primitive" ? constant(SCALAR[operation.name](a, b, c), type) : tensor;
}

/**
 * Returns the value of a constant tensor, as a 32-bit integer if that is its type; NaN for any other tensor.
 */
function constantElement({ operation, type }: Tensor): number {
  const value = operation.kind === "constant" ? operation.value : NaN;
  return type === "integer" ? value | 0 : value;
}

/** Returns an operation as data for JSON, in which −0, infinities and NaN stay distinct. */
function operationKey(operation: Operation): unknown {
  if (operation.kind !== "constant") return operation;
  const { value } = operation;
  return ["constant", Object.is(value, -0) ? "-0" : String(value)];
}
