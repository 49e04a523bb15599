/**
 * Rewrites an expression into the form that the compiler takes: functions stated in primitives,
 * sparse rows kept sparse, constants folded, equal nodes merged into one.
 *
 * Nothing is reassociated or simplified, with the one exception of {@linkcode keepSparse}, which is
 * made for all interpreters alike, before any of them sees the expression.
 *
 * @module
 */

import { EXPANSIONS } from "../../tensor/functions.ts";
import type { Operation } from "../../tensor/operations.ts";
import {
  constant,
  dimension,
  everyColumn,
  everyRow,
  matmul,
  mul,
  reshape,
  sub,
  sumRows,
  type Tensor,
  transpose,
} from "../../tensor/mod.ts";
import { inOrder } from "../../tensor/graph.ts";
import { evaluate, isConstant, isSparse } from "../reference/reference.ts";

/** Named expressions. */
export type Outputs = Readonly<Record<string, Tensor>>;

/** Says where a tensor comes from, for messages: "forward of layer 1 (dense)". */
export type Origins = ReadonlyMap<Tensor, string>;

/** Replaces each node, inputs first, and carries the origins over. */
function rebuild(
  outputs: Outputs,
  origins: Origins,
  replace: (tensor: Tensor, record: (made: Tensor) => void) => Tensor,
): { readonly outputs: Outputs; readonly origins: Origins } {
  const replaced = new Map<Tensor, Tensor>();
  const carried = new Map<Tensor, string>();
  const of = (tensor: Tensor) => replaced.get(tensor) as Tensor;
  for (const tensor of inOrder(Object.values(outputs))) {
    const origin = origins.get(tensor);
    const record = (made: Tensor) => {
      if (origin !== undefined && !carried.has(made)) carried.set(made, origin);
    };
    const inputs = tensor.inputs.map(of);
    const same = inputs.every((input, index) => input === tensor.inputs[index]);
    const made = replace(same ? tensor : { ...tensor, inputs }, record);
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
    const [left, right] = tensor.inputs as readonly [Tensor, Tensor];
    const transposed = left.operation.kind === "transpose";
    const shifted = transposed ? left.inputs[0] : left;
    const parts = shiftOf(shifted);
    if (parts === undefined) return tensor;
    const { x, shift } = parts;
    const [rows, columns] = tensor.shape as readonly [number, number];
    if (transposed) {
      const outer = mul(everyColumn(shift, columns), everyRow(sumRows(right), rows));
      return sub(matmul(transpose(x), right), outer);
    }
    const offset = matmul(reshape(shift, [1, dimension(shift, 0)]), right);
    return sub(matmul(x, right), everyRow(reshape(offset, [columns]), rows));
  });
}

function shiftOf({ operation, inputs }: Tensor): { x: Tensor; shift: Tensor } | undefined {
  if (operation.kind !== "primitive" || operation.name !== "sub") return undefined;
  const [x, row] = inputs as readonly [Tensor, Tensor];
  if (!isSparse(x) || row.operation.kind !== "broadcast") return undefined;
  return row.operation.along === "row" ? { x, shift: row.inputs[0] } : undefined;
}

/** Brings an expression into the compiler's form, see above; single precision. */
export function canonical(
  outputs: Outputs,
  origins: Origins = new Map(),
): { readonly outputs: Outputs; readonly origins: Origins } {
  const numbers = new Map<Tensor, number>();
  const unique = new Map<string, Tensor>();
  const numberOf = (tensor: Tensor) => numbers.get(tensor) as number;

  /** Returns the node that stands for all nodes equal to this one. */
  const merge = (tensor: Tensor): Tensor => {
    if (numbers.has(tensor)) return tensor;
    const id = identity(tensor, tensor.inputs.map(numberOf));
    const known = unique.get(id);
    if (known !== undefined) return known;
    unique.set(id, tensor);
    numbers.set(tensor, numbers.size);
    return tensor;
  };

  return rebuild(outputs, origins, (tensor, record) => {
    const folded = fold(tensor);
    const stated = folded.operation.kind === "function"
      ? EXPANSIONS[folded.operation.name](folded.inputs[0])
      : folded;
    const merged = new Map<Tensor, Tensor>();
    for (const part of inOrder([stated], (known) => numbers.has(known))) {
      const made = merge({
        ...part,
        inputs: part.inputs.map((input) => merged.get(input) ?? input),
      });
      record(made);
      merged.set(part, made);
    }
    return merged.get(stated) ?? stated;
  });
}

/** What rests on constants alone is computed now, in double precision; two transposes are none. */
function fold(tensor: Tensor): Tensor {
  const { operation, inputs: [first], type } = tensor;
  if (operation.kind === "transpose" && first?.operation.kind === "transpose") {
    return first.inputs[0];
  }
  const folds = isConstant(tensor, ({ operation }) => operation.kind === "constant");
  if (operation.kind === "constant" || !folds) return tensor;
  const [value] = evaluate([tensor], {}, "f64");
  return constant((value as ArrayLike<number>)[0], type);
}

function identity({ operation, shape, type }: Tensor, inputs: readonly number[]): string {
  return JSON.stringify([settings(operation), shape, type, inputs]);
}

/** The operation as text; −0, infinities and NaN, which JSON confuses, are told apart. */
function settings(operation: Operation): unknown {
  if (operation.kind !== "constant") return operation;
  const { value } = operation;
  return ["constant", Object.is(value, -0) ? "-0" : String(value)];
}
