/**
 * Operations of expressions.
 *
 * Elementwise operations combine elements at the same position of each input; the engine emits one loop for
 * each group of them. Structured operations combine whole rows or columns, and have a kernel each.
 *
 * @module
 */

/** The type of elements: floating-point numbers (32 or 64 bits), or 32-bit integers and masks. */
export type ElementType = "float" | "integer";

/** Input types and result type of an elementwise operation. */
export interface Signature {
  /** Type of each operand. */
  readonly inputs: readonly ElementType[];
  /** Type of the result. */
  readonly result: ElementType;
}

const float1: Signature = { inputs: ["float"], result: "float" };
const float2: Signature = { inputs: ["float", "float"], result: "float" };
const compare: Signature = { inputs: ["float", "float"], result: "integer" };
const integer2: Signature = { inputs: ["integer", "integer"], result: "integer" };

/**
 * Primitive elementwise operations: exactly those that WebAssembly's SIMD defines to the last bit.
 * A mask is an integer, −1 (all bits set) for true and 0 for false.
 */
export const PRIMITIVES = {
  add: float2,
  sub: float2,
  mul: float2,
  div: float2,
  /** NaN if either is NaN; −0 is less than +0. */
  min: float2,
  /** NaN if either is NaN; +0 is greater than −0. */
  max: float2,
  neg: float1,
  abs: float1,
  sqrt: float1,
  /** The nearest integer, ties to even. */
  nearest: float1,
  trunc: float1,
  equal: compare,
  less: compare,
  lessOrEqual: compare,
  selectFloat: { inputs: ["integer", "float", "float"], result: "float" },
  selectInteger: { inputs: ["integer", "integer", "integer"], result: "integer" },
  addInteger: integer2,
  and: integer2,
  or: integer2,
  xor: integer2,
  equalInteger: integer2,
  /** Truncates; NaN becomes 0, and numbers out of range the nearest 32-bit integer. */
  toInteger: { inputs: ["float"], result: "integer" },
  /** Converts a signed 32-bit integer. */
  toFloat: { inputs: ["integer"], result: "float" },
  /** The 32 bits of a single-precision number; single precision only. */
  bitsOf: { inputs: ["float"], result: "integer" },
  /** The single-precision number with these 32 bits; single precision only. */
  fromBits: { inputs: ["integer"], result: "float" },
} as const satisfies Record<string, Signature>;

/** Name of a primitive elementwise operation. */
export type Primitive = keyof typeof PRIMITIVES;

/** Mathematical functions. In single precision, lib/tensor/functions.ts expands them to primitives. */
export type MathFunction = "exp" | "log" | "cosTurns" | "tanh" | "erf";

/**
 * Storage of a data set's features: 8 or 32 bits for each, and whether programs skip zeros ("sparse8"). The
 * encoding determines which kernels read the rows, and never changes their values.
 */
export type Encoding = "sparse8" | "dense8" | "dense32";

/** The operation of a tensor, with its settings. Its operands are the inputs of the tensor. */
export type Operation =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "source"; readonly name: string; readonly encoding: Encoding }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "primitive"; readonly name: Primitive }
  | { readonly kind: "function"; readonly name: MathFunction }
  | { readonly kind: "shift"; readonly direction: "left" | "rightUnsigned"; readonly bits: number }
  /** Each element is its own row index (axis 0) or column index (axis 1). */
  | { readonly kind: "index"; readonly axis: 0 | 1 }
  /** "row" repeats [n] as every row of [m, n], "column" [m] as every column, "scalar" [] as every element. */
  | { readonly kind: "broadcast"; readonly along: "row" | "column" | "scalar" }
  | { readonly kind: "slice"; readonly offset: number }
  | { readonly kind: "reshape" }
  | { readonly kind: "concatenate" }
  | { readonly kind: "transpose" }
  | { readonly kind: "gatherRows" }
  /** Augmentations of gathered rows (lib/tensor/images.ts). */
  | { readonly kind: "warp" | "erase"; readonly height: number; readonly width: number }
  | { readonly kind: "blend" | "addNoise" }
  /**
   * Zeros of the left factor are multiplied, or skipped in the sums, see `skipZeros`. With `parts`, the terms
   * of each sum are divided into that number of micro-batches, whose sums are added by a tree, see
   * `sumByMicroBatches`.
   */
  | {
    readonly kind: "matmul";
    readonly zeros: "multiplied" | "left out";
    readonly parts?: number;
  }
  /** Reductions of a matrix [m, n] over its rows, to [n], or over its columns, to [m]. */
  | { readonly kind: "sum"; readonly axis: "rows" | "columns"; readonly parts?: number }
  | { readonly kind: "max"; readonly axis: "columns" }
  | { readonly kind: "argmax"; readonly axis: "columns" }
  | { readonly kind: "gatherColumns" }
  | { readonly kind: "dot" };
