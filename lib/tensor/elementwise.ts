/**
 * Elementwise operations. Operands have the same shape, or are single numbers. Vectors are broadcast over
 * rows or columns only by {@linkcode broadcastRow} and {@linkcode broadcastColumn}.
 *
 * @module
 */

import { type ElementType, type MathFunction, type Primitive, PRIMITIVES } from "./operations.ts";
import { reduce } from "./reduce.ts";
import {
  constant,
  dimension,
  expectRank,
  expectType,
  formatShape,
  sameShape,
  type Shape,
  type Tensor,
  tensorOf,
} from "./tensor.ts";

/** A tensor, or a number that is broadcast to the shape of the other operands. */
export type Operand = Tensor | number;

/** Returns a tensor unchanged, and a number as a constant of the given type. */
function toTensor(operand: Operand, type: ElementType): Tensor {
  return typeof operand === "number" ? constant(operand, type) : operand;
}

/**
 * Returns the tensor that applies a primitive operation to operands, element by element. Numbers and tensors
 * of shape [] are broadcast to the shape of the others.
 *
 * @throws {TypeError} if the operands have different shapes, or a type that the operation does not accept
 */
function applyPrimitive(name: Primitive, ...operands: readonly Operand[]): Tensor {
  const { inputs: types, result } = PRIMITIVES[name];
  const inputs = operands.map((operand, index) => toTensor(operand, types[index]));
  inputs.forEach((tensor, index) => expectType(name, tensor, types[index]));
  const shape = commonShape(name, inputs);
  return tensorOf({
    operation: { kind: "primitive", name },
    inputs: inputs.map((tensor) => broadcastScalar(tensor, shape)),
    shape,
    type: result,
  });
}

/**
 * Returns the shape that all inputs other than single numbers have; [] if all are single numbers.
 *
 * @param name name of the operation, for the error message
 * @throws {TypeError} if two of the shapes differ
 */
function commonShape(name: string, inputs: readonly Tensor[]): Shape {
  const shaped = inputs.filter(({ shape }) => shape.length > 0);
  const [first] = shaped;
  if (first === undefined) return [];
  for (const { shape } of shaped) {
    if (sameShape(shape, first.shape)) continue;
    throw new TypeError(
      `Cannot ${name}: expected the same shape or a single number: received ${
        formatShape(first.shape)
      } and ${formatShape(shape)}`,
    );
  }
  return first.shape;
}

/**
 * Broadcasts a tensor of shape [] to `shape`. Returns constants, and tensors of any other shape, unchanged.
 */
function broadcastScalar(tensor: Tensor, shape: Shape): Tensor {
  if (tensor.shape.length === shape.length || tensor.operation.kind === "constant") return tensor;
  return tensorOf({
    operation: { kind: "broadcast", along: "scalar" },
    inputs: [tensor],
    shape,
    type: tensor.type,
  });
}

/** Computes a + b, element by element. */
export const add = (a: Operand, b: Operand): Tensor => applyPrimitive("add", a, b);
/** Computes a − b, element by element. */
export const sub = (a: Operand, b: Operand): Tensor => applyPrimitive("sub", a, b);
/** Computes a · b, element by element. */
export const mul = (a: Operand, b: Operand): Tensor => applyPrimitive("mul", a, b);
/** Computes a ÷ b, element by element. */
export const div = (a: Operand, b: Operand): Tensor => applyPrimitive("div", a, b);
/** Returns the smaller of a and b, element by element; NaN if either is NaN. */
export const min = (a: Operand, b: Operand): Tensor => applyPrimitive("min", a, b);
/** Returns the larger of a and b, element by element; NaN if either is NaN. */
export function max(a: Operand, b: Operand): Tensor;
/**
 * Returns the largest element of each row, over the columns: [m, n] → [m]; NaN if the row contains a NaN.
 */
export function max(x: Tensor, axis: "columns"): Tensor;
export function max(a: Operand, b: Operand | "columns"): Tensor {
  return b === "columns"
    ? reduce({ kind: "max", axis: b }, a as Tensor)
    : applyPrimitive("max", a, b);
}
/** Computes −x. */
export const neg = (x: Tensor): Tensor => applyPrimitive("neg", x);
/** Computes |x|. */
export const abs = (x: Tensor): Tensor => applyPrimitive("abs", x);
/** Computes √x. */
export const sqrt = (x: Tensor): Tensor => applyPrimitive("sqrt", x);
/** Rounds x to the nearest integer, ties to even. */
export const nearest = (x: Tensor): Tensor => applyPrimitive("nearest", x);
/** Truncates x toward zero. */
export const trunc = (x: Tensor): Tensor => applyPrimitive("trunc", x);
/** Returns the mask of a = b: the integer −1 for each element where they are equal, 0 elsewhere. */
export const equal = (a: Operand, b: Operand): Tensor => applyPrimitive("equal", a, b);
/** Returns the mask of a < b: the integer −1 for each element where a is smaller, 0 elsewhere. */
export const less = (a: Operand, b: Operand): Tensor => applyPrimitive("less", a, b);
/** Returns the mask of a ≤ b: the integer −1 for each element where it holds, 0 elsewhere. */
export const lessOrEqual = (a: Operand, b: Operand): Tensor => applyPrimitive("lessOrEqual", a, b);
/** Returns the mask of a > b: the integer −1 for each element where a is larger, 0 elsewhere. */
export const greater = (a: Operand, b: Operand): Tensor => applyPrimitive("less", b, a);

/**
 * Selects, element by element, a where the mask is −1 and b where it is 0. The operand that is not selected
 * has no effect, even if it is NaN.
 */
export function select(mask: Tensor, a: Operand, b: Operand): Tensor {
  const integer = [a, b].some((operand) =>
    typeof operand !== "number" && operand.type === "integer"
  );
  return applyPrimitive(integer ? "selectInteger" : "selectFloat", mask, a, b);
}

/** Computes a + b modulo 2³² of integers, element by element. */
export const addInteger = (a: Operand, b: Operand): Tensor => applyPrimitive("addInteger", a, b);
/** Computes the bitwise and of integers or masks. */
export const and = (a: Operand, b: Operand): Tensor => applyPrimitive("and", a, b);
/** Computes the bitwise or of integers or masks. */
export const or = (a: Operand, b: Operand): Tensor => applyPrimitive("or", a, b);
/** Computes the bitwise exclusive or of integers or masks. */
export const xor = (a: Operand, b: Operand): Tensor => applyPrimitive("xor", a, b);
/** Returns the mask of a = b for integers: −1 for each element where they are equal, 0 elsewhere. */
export const equalInteger = (a: Operand, b: Operand): Tensor =>
  applyPrimitive("equalInteger", a, b);
/** Truncates x to 32-bit signed integers; numbers out of range become the nearest one, and NaN becomes 0. */
export const toInteger = (x: Tensor): Tensor => applyPrimitive("toInteger", x);
/** Converts 32-bit signed integers to floating-point numbers. */
export const toFloat = (x: Tensor): Tensor => applyPrimitive("toFloat", x);
/** Returns the 32 bits of single-precision numbers as integers. */
export const bitsOf = (x: Tensor): Tensor => applyPrimitive("bitsOf", x);
/** Returns the single-precision numbers whose 32 bits are those of the integers x. */
export const fromBits = (x: Tensor): Tensor => applyPrimitive("fromBits", x);

/**
 * Returns the tensor of 32-bit integers shifted by a number of bits, with zeros shifted in.
 *
 * @throws {RangeError} if `bits` is not an integer from 0 to 31
 */
function shiftBits(direction: "left" | "rightUnsigned", x: Tensor, bits: number): Tensor {
  expectType("shift", x, "integer");
  if (!Number.isInteger(bits) || bits < 0 || bits > 31) {
    throw new RangeError(`Cannot shift: expected 0 to 31 bits: received ${bits}`);
  }
  return tensorOf({
    operation: { kind: "shift", direction, bits },
    inputs: [x],
    shape: x.shape,
    type: "integer",
  });
}

/** Computes x · 2^bits modulo 2³² of integers, for 0 to 31 bits. */
export const shiftLeft = (x: Tensor, bits: number): Tensor => shiftBits("left", x, bits);
/** Shifts the bits of integers x right by 0 to 31 positions, filling with zeros. */
export const shiftRight = (x: Tensor, bits: number): Tensor => shiftBits("rightUnsigned", x, bits);

function applyFunction(name: MathFunction, x: Tensor): Tensor {
  expectType(name, x, "float");
  return tensorOf({
    operation: { kind: "function", name },
    inputs: [x],
    shape: x.shape,
    type: "float",
  });
}

/** Computes eˣ. */
export const exp = (x: Tensor): Tensor => applyFunction("exp", x);
/** Computes the natural logarithm of x; −∞ at 0, NaN below. */
export const log = (x: Tensor): Tensor => applyFunction("log", x);
/** Computes cos(2πx), the cosine of x full turns, for x from 0 to 1. */
export const cosTurns = (x: Tensor): Tensor => applyFunction("cosTurns", x);
/** Computes the hyperbolic tangent of x, with full relative precision near 0. */
export const tanh = (x: Tensor): Tensor => applyFunction("tanh", x);
/** Computes the error function of x, 2/√π ∫₀ˣ exp(−t²) dt, with full relative precision near 0. */
export const erf = (x: Tensor): Tensor => applyFunction("erf", x);

/** Returns a tensor of the given shape whose elements all have one value. */
export function fill(value: number, shape: Shape): Tensor {
  return tensorOf({
    operation: { kind: "broadcast", along: "scalar" },
    inputs: [constant(value)],
    shape,
    type: "float",
  });
}

/** Repeats a vector [columns] as every row of a matrix [rows, columns]. */
export function broadcastRow(vector: Tensor, rows: number): Tensor {
  expectRank("repeat a row", vector, 1, "a vector");
  return tensorOf({
    operation: { kind: "broadcast", along: "row" },
    inputs: [vector],
    shape: [rows, dimension(vector, 0)],
    type: vector.type,
  });
}

/** Repeats a vector [rows] as every column of a matrix [rows, columns]. */
export function broadcastColumn(vector: Tensor, columns: number): Tensor {
  expectRank("repeat a column", vector, 1, "a vector");
  return tensorOf({
    operation: { kind: "broadcast", along: "column" },
    inputs: [vector],
    shape: [dimension(vector, 0), columns],
    type: vector.type,
  });
}

/** Adds a vector [columns] to every row of a matrix [rows, columns]. */
export function addRow(matrix: Tensor, row: Tensor): Tensor {
  expectRank("add a row", matrix, 2, "a matrix");
  return add(matrix, broadcastRow(row, dimension(matrix, 0)));
}

/**
 * Returns an integer tensor of a shape [rows] or [rows, columns], each element of which is its own row index.
 */
export function rowIndex(shape: Shape): Tensor {
  return tensorOf({ operation: { kind: "index", axis: 0 }, inputs: [], shape, type: "integer" });
}

/** Returns an integer tensor of a shape [rows, columns], each element of which is its own column index. */
export function columnIndex(shape: Shape): Tensor {
  return tensorOf({ operation: { kind: "index", axis: 1 }, inputs: [], shape, type: "integer" });
}
