/**
 * Loops of programs: elementwise operations that are computed together, in one pass over memory. A loop is
 * plain data; each backend compiles it to a function.
 *
 * The parameters of the function are: a pointer to each operand that is read, a pointer to each result that
 * is written, the first row, the row after the last, the index of the first column, and the number of
 * columns. If rows and columns do not matter, all elements are one row, and the rows are 0 to 1.
 *
 * @module
 */

import type { ElementType, Operation } from "../../tensor/mod.ts";

/**
 * Pattern by which a loop reads an operand. "full" reads one element for each element of the result, "row"
 * one for each column (all rows read the same ones), "column" one for each row, and "scalar" one for all
 * elements.
 */
export type Access = "full" | "row" | "column" | "scalar";

/**
 * An operand of a loop's operation: a value by its index, a constant, or the index of the element's row or
 * column. Values have indices from 0: first the operands that the loop reads from memory, then the results of
 * its operations.
 */
export type LoopOperand =
  | number
  | { readonly constant: number; readonly type: ElementType }
  | { readonly index: "row" | "column" };

/** An elementwise operation of a loop. */
export interface LoopOperation {
  /** The operation. */
  readonly operation: Extract<Operation, { readonly kind: "primitive" | "shift" }>;
  /** Operands of the operation, in the order of its inputs. */
  readonly operands: readonly LoopOperand[];
}

/** Elementwise operations that are computed together in one pass over memory. */
export interface Loop {
  /** Access pattern of each operand that the loop reads from memory. */
  readonly reads: readonly Access[];
  /** Operations, each after those whose results it uses. */
  readonly operations: readonly LoopOperation[];
  /** Values that the loop writes to memory. */
  readonly writes: readonly LoopOperand[];
}

/** Returns the name by which calls of a program refer to the loop with an index in `Program.loops`. */
export function loopName(index: number): string {
  return `loop${index}`;
}
