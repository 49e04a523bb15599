/**
 * Rewrites of expressions that may change results, though by rounding or where numbers are not finite
 * alone. Each runs before every interpreter, so that all of them compute the same: {@linkcode skipZeros}
 * within each, {@linkcode keepSparse} where a step is made ready for one.
 *
 * @module
 */

import { broadcastColumn, broadcastRow, mul, sub } from "./elementwise.ts";
import { topologicalOrder } from "./graph.ts";
import { isSparse } from "./predicates.ts";
import { matmul, reshape, sum, transpose } from "./structured.ts";
import { dimension, type Tensor, tensorOf } from "./tensor.ts";

export type Outputs = Readonly<Record<string, Tensor>>;

/** Says where a tensor comes from, for messages: "forward of layer 1 (dense)". */
export type Origins = ReadonlyMap<Tensor, string>;

/** Replaces each node, inputs first, and carries the origins over. */
export function rebuild(
  outputs: Outputs,
  origins: Origins,
  replace: (tensor: Tensor, record: (made: Tensor) => void) => Tensor,
): { readonly outputs: Outputs; readonly origins: Origins } {
  const replaced = new Map<Tensor, Tensor>();
  const carried = new Map<Tensor, string>();
  const of = (tensor: Tensor) => replaced.get(tensor) as Tensor;
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    const origin = origins.get(tensor);
    const record = (made: Tensor) => {
      if (origin !== undefined && !carried.has(made)) carried.set(made, origin);
    };
    const inputs = tensor.inputs.map(of);
    const same = inputs.every((input, index) => input === tensor.inputs[index]);
    const made = replace(same ? tensor : tensorOf({ ...tensor, inputs }), record);
    record(made);
    replaced.set(tensor, made);
  }
  return {
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, of(tensor)]),
    ),
    origins: carried,
  };
}

/**
 * Standardised sparse rows, x − s with a row of shifts s, have no zeros left. So
 *
 *     (x − s) W  becomes  x W − s W,        (x − s)ᵀ dy  becomes  xᵀ dy − s ⊗ Σ rows of dy,
 *
 * and x stays sparse. To be applied once to an expression, before it is computed by any interpreter.
 */
export function keepSparse(
  outputs: Outputs,
  origins: Origins = new Map(),
): { readonly outputs: Outputs; readonly origins: Origins } {
  return rebuild(outputs, origins, (tensor) => {
    if (tensor.operation.kind !== "matmul") return tensor;
    const [left, right] = tensor.inputs;
    const transposed = left.operation.kind === "transpose";
    const shifted = transposed ? left.inputs[0] : left;
    const parts = shiftOf(shifted);
    if (parts === undefined) return tensor;
    const { x, shift } = parts;
    const [rows, columns] = tensor.shape;
    if (transposed) {
      const outer = mul(broadcastColumn(shift, columns), broadcastRow(sum(right, "rows"), rows));
      return sub(matmul(transpose(x), right), outer);
    }
    const offset = matmul(reshape(shift, [1, dimension(shift, 0)]), right);
    return sub(matmul(x, right), broadcastRow(reshape(offset, [columns]), rows));
  });
}

function shiftOf({ operation, inputs }: Tensor): { x: Tensor; shift: Tensor } | undefined {
  if (operation.kind !== "primitive" || operation.name !== "sub") return undefined;
  const [x, row] = inputs;
  if (!isSparse(x) || row.operation.kind !== "broadcast") return undefined;
  return row.operation.along === "row" ? { x, shift: row.inputs[0] } : undefined;
}

/**
 * Has products leave zeros on the left out of their sums where there are many: in rows of a sparse
 * source; and, if the right factor has at least 64 columns, in what a rectifier gives, max(…, 0), or the
 * gradient of one, select(…, …, 0). All of these may be transposed. A sum that leaves zeros out is the
 * same to the last bit, except where the right factor is infinite or NaN: a zero that is left out does
 * not make the sum NaN.
 */
export function skipZeros(
  outputs: Outputs,
  origins: Origins = new Map(),
): { readonly outputs: Outputs; readonly origins: Origins } {
  return rebuild(outputs, origins, (tensor) => {
    const { operation, inputs: [left, right] } = tensor;
    if (operation.kind !== "matmul") return tensor;
    const hasZeros = isSparse(left) || dimension(right, 1) >= WIDE && isRectified(left);
    if (!hasZeros) return tensor;
    return tensorOf({ ...tensor, operation: { kind: "matmul", zeros: "left out" } });
  });
}

/** Columns from which on it pays to look for zeros on the left. */
const WIDE = 64;

/** Whether a tensor is what a rectifier gives, or the gradient of one; transposed or not. */
function isRectified({ operation, inputs }: Tensor): boolean {
  if (operation.kind === "transpose") return inputs.some(isRectified);
  if (operation.kind !== "primitive") return false;
  if (operation.name === "max") return inputs.some(isZero);
  return operation.name === "selectFloat" && inputs.slice(1).some(isZero);
}

function isZero({ operation }: Tensor): boolean {
  return operation.kind === "constant" && operation.value === 0;
}
