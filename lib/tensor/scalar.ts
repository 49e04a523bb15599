/**
 * Primitive operations on single numbers, for the reference interpreter and constant folding.
 *
 * @module
 */
import type { Primitive } from "./operations.ts";

/**
 * The primitive operations as functions of single numbers: in double precision, or on 32 bits for integers. A
 * function ignores the arguments that its operation does not have.
 */
export const SCALAR: Readonly<Record<Primitive, (a: number, b: number, c: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  sqrt: (a) => Math.sqrt(a),
  nearest: roundHalfToEven,
  trunc: (a) => Math.trunc(a),
  equal: (a, b) => a === b ? -1 : 0,
  less: (a, b) => a < b ? -1 : 0,
  lessOrEqual: (a, b) => a <= b ? -1 : 0,
  selectFloat: (mask, a, b) => mask !== 0 ? a : b,
  selectInteger: (mask, a, b) => mask !== 0 ? a : b,
  addInteger: (a, b) => (a + b) | 0,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  equalInteger: (a, b) => a === b ? -1 : 0,
  toInteger: (a) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(a))) | 0,
  toFloat: (a) => a,
  bitsOf: (a) => {
    single[0] = a;
    return bits[0];
  },
  fromBits: (a) => {
    bits[0] = a;
    return single[0];
  },
};

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** Rounds to the nearest integer, ties to even; keeps the sign of zero. */
export function roundHalfToEven(x: number): number {
  const size = Math.abs(x);
  const below = Math.floor(size);
  const rest = size - below;
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const rounded = isUp ? below + 1 : below;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}
