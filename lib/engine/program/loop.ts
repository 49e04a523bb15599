/**
 * Loops of programs: elementwise operations that are computed together, in one pass over memory. A loop is
 * plain data; each backend compiles it to a function.
 *
 * The parameters of that function are a pointer for each read, a pointer for each write, the first row, the
 * row after the last, the number of the first column, and the number of columns. If rows and columns do not
 * matter, all elements are one row, and the rows are 0 to 1.
 *
 * @module
 */

import type { ElementType, Operation } from "../../tensor/mod.ts";

/**
 * How a loop reads an operand: "full" reads an element for each of the result, "row" one for each column (a
 * row that is repeated), "column" one for each row, "scalar" one for all.
 */
export type Access = "full" | "row" | "column" | "scalar";

/**
 * An operand: the index of a value, a constant, or the row or column of the element. Values are first the
 * reads, then the results of the operations.
 */
export type LoopOperand =
  | number
  | { readonly constant: number; readonly type: ElementType }
  | { readonly index: "row" | "column" };

/** An elementwise operation of a loop. */
export interface LoopOperation {
  /** The operation. */
  readonly operation: Extract<Operation, { readonly kind: "primitive" | "shift" }>;
  /** Its operands. */
  readonly operands: readonly LoopOperand[];
}

/** Elementwise operations that are computed together. */
export interface Loop {
  /** Access of each operand in memory. */
  readonly reads: readonly Access[];
  /** Operations in topological order. */
  readonly operations: readonly LoopOperation[];
  /** Values to write to memory. */
  readonly writes: readonly LoopOperand[];
}

/** Returns the name by which calls of a program refer to a loop. */
export function loopName(index: number): string {
  return `loop${index}`;
}
