/**
 * Numbers to test with, and what expressions come to.
 *
 * @module
 */

import { type Bindings, evaluate, type Precision } from "../lib/engine/reference/reference.ts";
import { key, normal, type Shape, sizeOf, type Tensor } from "../lib/tensor/mod.ts";

/** Half the distance from 1 to the next double: a rounding's largest relative error. */
export const UNIT_ROUNDOFF = 2 ** -53;

/** Elements of an expression, in double precision unless told otherwise. */
export function valuesOf(
  tensor: Tensor,
  bindings: Bindings = {},
  precision: Precision = "f64",
): number[] {
  return evaluate([tensor], bindings, precision).flatMap((elements) => [...elements]);
}

/** The only element of an expression. */
export function numberOf(tensor: Tensor, bindings: Bindings = {}): number {
  const [value] = valuesOf(tensor, bindings);
  return value;
}

const drawn = new Map<string, readonly number[]>();

/** Normal numbers that depend on the name only: each is a function of its index, so they are kept. */
export function normalValues(name: string, shape: Shape): number[] {
  const count = sizeOf(shape);
  let known = drawn.get(name) ?? [];
  if (known.length < count) {
    known = valuesOf(normal(key(0, name), [count]));
    drawn.set(name, known);
  }
  return known.slice(0, count);
}

/** Sum of products. */
export function dotOf(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index], 0);
}

/** The object with all that it refers to, frozen: whoever changes it throws. */
export function deepFrozen<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(deepFrozen);
  return value;
}

/** SHA-256 of some tensors' elements in single precision, in hexadecimal. */
export async function fingerprint(
  tensors: readonly Tensor[],
  bindings: Bindings = {},
): Promise<string> {
  const parts = evaluate(tensors, bindings, "f32").map(({ buffer }) => buffer);
  const digest = await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer());
  return new Uint8Array(digest).toHex();
}
