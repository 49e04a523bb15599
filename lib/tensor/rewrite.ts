/**
 * Rewrites of expressions that may change results, by rounding or where numbers are not finite. All
 * interpreters apply them, so that results are equal: each calls {@linkcode skipZeros} itself, and
 * {@linkcode keepSparse} is applied to a step before it is compiled.
 *
 * @module
 */

import { broadcastColumn, broadcastRow, mul, sub } from "./elementwise.ts";
import { topologicalOrder } from "./graph.ts";
import { isSparse } from "./predicates.ts";
import { matmul, reshape, sum, transpose } from "./structured.ts";
import { dimension, type Tensor, tensorOf } from "./tensor.ts";

/** Tensors by name. */
export type Outputs = Readonly<Record<string, Tensor>>;

/** Origin of tensors, for messages and labels: "forward of layer 1 (dense)". A tensor may have none. */
export type Origins = ReadonlyMap<Tensor, string>;

/**
 * Rebuilds an expression: in topological order, replaces each node by the result of `replace`, which receives
 * the node with its inputs already replaced. The result of `replace` gets the origin of the node, and so do
 * the tensors that `replace` passes to `record`.
 */
export function rebuild(
  outputs: Outputs,
  origins: Origins,
  replace: (tensor: Tensor, record: (created: Tensor) => void) => Tensor,
): { readonly outputs: Outputs; readonly origins: Origins } {
  const replaced = new Map<Tensor, Tensor>();
  const carried = new Map<Tensor, string>();
  const of = (tensor: Tensor) => replaced.get(tensor) as Tensor;
  for (const tensor of topologicalOrder(Object.values(outputs))) {
    const origin = origins.get(tensor);
    const record = (created: Tensor) => {
      if (origin !== undefined && !carried.has(created)) carried.set(created, origin);
    };
    const inputs = tensor.inputs.map(of);
    const same = inputs.every((input, index) => input === tensor.inputs[index]);
    const replacement = replace(same ? tensor : tensorOf({ ...tensor, inputs }), record);
    record(replacement);
    replaced.set(tensor, replacement);
  }
  return {
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, tensor]) => [name, of(tensor)]),
    ),
    origins: carried,
  };
}

/**
 * Rewrites products of standardized sparse rows. The rows x − s have almost no zeros, but x has many, which
 * products skip:
 *
 *     (x − s) W  becomes  x W − s W,        (x − s)ᵀ dy  becomes  xᵀ dy − s ⊗ Σ rows of dy
 *
 * Here s is a row of shifts. Apply it once to an expression, before any interpreter computes it.
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
    const parts = matchShiftedRows(shifted);
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

/**
 * Matches a difference x − s of sparse rows x [batch, n] and a row s that is repeated for every row of x.
 * Returns x and the vector s [n] (`shift`); undefined if the tensor is not such a difference.
 */
export function matchShiftedRows(
  { operation, inputs }: Tensor,
): { readonly x: Tensor; readonly shift: Tensor } | undefined {
  if (operation.kind !== "primitive" || operation.name !== "sub") return undefined;
  const [x, row] = inputs;
  if (!isSparse(x) || row.operation.kind !== "broadcast") return undefined;
  return row.operation.along === "row" ? { x, shift: row.inputs[0] } : undefined;
}

/**
 * Rewrites products to skip zeros of the left factor where there are many: in rows of a sparse source; and,
 * if the right factor has at least 64 columns, in outputs of a rectifier, max(…, 0), and in their gradients,
 * select(…, …, 0). All of these may be transposed. Sums have the same bits, except where the right factor is
 * infinite or NaN: a skipped zero does not make the sum NaN.
 */
export function skipZeros(
  outputs: Outputs,
  origins: Origins = new Map(),
): { readonly outputs: Outputs; readonly origins: Origins } {
  return rebuild(outputs, origins, (tensor) => {
    const { operation, inputs: [left, right] } = tensor;
    if (operation.kind !== "matmul") return tensor;
    const hasZeros = isSparse(left) || dimension(right, 1) >= FEWEST_COLUMNS && isRectified(left);
    if (!hasZeros) return tensor;
    return tensorOf({ ...tensor, operation: { ...operation, zeros: "left out" } });
  });
}

/**
 * Smallest number of columns of the right factor for which skipping the zeros of a rectifier's outputs is
 * faster than multiplying them.
 */
const FEWEST_COLUMNS = 64;

/**
 * Returns whether a tensor is the output of a rectifier or a gradient of such an output, transposed or not.
 */
function isRectified({ operation, inputs }: Tensor): boolean {
  if (operation.kind === "transpose") return inputs.some(isRectified);
  if (operation.kind !== "primitive") return false;
  if (operation.name === "max") return inputs.some(isZero);
  return operation.name === "selectFloat" && inputs.slice(1).some(isZero);
}

/** Returns whether a tensor is the constant 0. */
function isZero({ operation }: Tensor): boolean {
  return operation.kind === "constant" && operation.value === 0;
}
