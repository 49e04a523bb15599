/**
 * Loops of programs: elementwise operations that are computed together, in one pass over memory. Plain
 * data; each backend makes a function of a loop as it likes.
 *
 * A loop is a function (a pointer for each read, a pointer for each write, row from, row to, first
 * column, columns): rows `from` to `to` of matrices of so many columns. Where rows and columns do not
 * matter, all elements are one row, from 0 to 1.
 *
 * @module
 */

import type { ElementType, Operation } from "../../tensor/mod.ts";

/** How a loop reads memory: an element of its own for each, or one for a column, a row or all. */
export type Access = "full" | "row" | "column" | "scalar";

/**
 * An operand: the number of a value, those that are read first and then the result of each operation;
 * or what no memory holds: a constant, or the number of the element's row or column.
 */
export type LoopOperand =
  | number
  | { readonly constant: number; readonly type: ElementType }
  | { readonly index: "row" | "column" };

/** An elementwise operation of a loop. */
export interface LoopOperation {
  /** The operation. */
  readonly operation: Extract<Operation, { readonly kind: "primitive" | "shift" }>;
  /** What it is applied to. */
  readonly operands: readonly LoopOperand[];
}

/** Elementwise operations that are computed together. */
export interface Loop {
  /** How each operand in memory is read. */
  readonly reads: readonly Access[];
  /** The operations, each after those that it depends on. */
  readonly operations: readonly LoopOperation[];
  /** What is written to memory. */
  readonly writes: readonly LoopOperand[];
}

/** Returns the name under which calls of a program name one of its loops. */
export function loopName(index: number): string {
  return `loop${index}`;
}
