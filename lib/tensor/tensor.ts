/**
 * Tensors are expressions: an operation, the tensors it is applied to, and a shape.
 *
 * Building one computes nothing and changes nothing. `lib/engine` computes it: at once by the
 * reference interpreter, or compiled to a program that runs many times.
 *
 * @module
 */

import type { ElementType, Encoding, Operation } from "./operations.ts";

/** Sizes of the dimensions: [] for a single number, [n] for a vector, [rows, columns]. */
export type Shape = readonly number[];

/** A node of an expression graph. */
export interface Tensor {
  /** What is computed. */
  readonly operation: Operation;
  /** What it is computed from. */
  readonly inputs: readonly Tensor[];
  /** Sizes of the dimensions. */
  readonly shape: Shape;
  /** Floating point, or 32-bit integers and masks. */
  readonly type: ElementType;
}

/** Number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A shape as messages show it, for example "[64, 784]". */
export function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Throws unless a tensor has so many dimensions. */
export function expectRank(operation: string, tensor: Tensor, rank: number, what: string): void {
  if (tensor.shape.length === rank) return;
  throw new TypeError(
    `Cannot ${operation}: expected ${what} of ${rank} dimensions: received ${show(tensor.shape)}`,
  );
}

/** Throws unless a tensor has this element type. */
export function expectType(operation: string, tensor: Tensor, type: ElementType): void {
  if (tensor.type === type) return;
  throw new TypeError(`Cannot ${operation}: expected ${type} elements: received ${tensor.type}`);
}

/** Size of a dimension that is known to exist. */
export function dimension(tensor: Tensor, axis: number): number {
  const size = tensor.shape[axis];
  if (size === undefined) {
    throw new TypeError(
      `Cannot read dimension ${axis}: expected more dimensions: received ${show(tensor.shape)}`,
    );
  }
  return size;
}

/**
 * A value that is given when the expression is computed, under a name.
 *
 * @throws {RangeError} if a size is not a positive integer
 */
export function input(name: string, shape: Shape, type: ElementType = "float"): Tensor {
  if (!shape.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot make input "${name}": expected positive integers as shape: received ${show(shape)}`,
    );
  }
  return { operation: { kind: "input", name }, inputs: [], shape, type };
}

/**
 * The features of a data set, of which {@linkcode take} reads rows. Its number of rows is left open,
 * so that one program serves training, validation and test data.
 */
export function source(name: string, features: number, encoding: Encoding): Tensor {
  return {
    operation: { kind: "source", name, encoding },
    inputs: [],
    shape: [features],
    type: "float",
  };
}

/** A number that is part of the expression; kept in double precision and rounded once. */
export function constant(value: number, type: ElementType = "float"): Tensor {
  return { operation: { kind: "constant", value }, inputs: [], shape: [], type };
}
