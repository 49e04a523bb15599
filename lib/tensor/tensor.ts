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
  /** The expression and its shape: "add(matmul(x, w), broadcastRow(b)) [2, 2]"; short, however large. */
  toString(): string;
}

/** What all tensors inherit, so that they print as expressions. */
const EXPRESSION = {
  toString(this: Tensor): string {
    const type = this.type === "integer" ? "integer " : "";
    return `${expressionOf(this)} ${type}${show(this.shape)}`;
  },
  /** What Deno and Node.js print. */
  [Symbol.for("nodejs.util.inspect.custom")](this: Tensor): string {
    return this.toString();
  },
};

/** Returns a tensor, which prints as an expression: "add(matmul(x, w), broadcastRow(b)) [2, 2]". */
export function tensorOf(fields: Omit<Tensor, "toString">): Tensor {
  const { operation, inputs, shape, type } = fields; // of a tensor that is changed, no more than these
  return Object.assign(Object.create(EXPRESSION), { operation, inputs, shape, type });
}

/** Characters of an expression, at most, unless one operation alone has more. */
const LONGEST = 160;

/** Operations within each other that are printed, at most. */
const DEEPEST = 8;

/** Operands that are printed of one operation, at most. */
const MOST_OPERANDS = 8;

/** Returns the expression to the largest depth at which it is short; "…" stands for what lies deeper. */
function expressionOf(tensor: Tensor): string {
  for (let depth = DEEPEST; depth > 1; depth--) {
    const text = nested(tensor, depth);
    if (text.length <= LONGEST) return text;
  }
  return nested(tensor, 1);
}

function nested({ operation, inputs }: Tensor, depth: number): string {
  if (operation.kind === "input" || operation.kind === "source") return operation.name;
  if (operation.kind === "constant") return `${operation.value}`;
  if (operation.kind === "broadcast" && operation.along === "scalar") {
    return nested(inputs[0], depth);
  }
  if (depth === 0) return "…";
  const operands = inputs.slice(0, MOST_OPERANDS).map((input) => nested(input, depth - 1));
  const more = inputs.length > MOST_OPERANDS ? ["…"] : [];
  const axis = AXES.get(operation.kind) ?? [];
  return `${functionOf(operation)}(${[...operands, ...more, ...axis].join(", ")})`;
}

/** The axis that a call of the function names. */
const AXES: ReadonlyMap<string, readonly string[]> = new Map([
  ["sumRows", ['"rows"']],
  ["sumColumns", ['"columns"']],
  ["maxColumns", ['"columns"']],
]);

/** The function of this module that makes such an operation. */
function functionOf(operation: Operation): string {
  switch (operation.kind) {
    case "primitive":
      return operation.name.replace(/^select.*/, "select");
    case "function":
      return operation.name;
    case "shift":
      return operation.direction === "left" ? "shiftLeft" : "shiftRight";
    case "index":
      return operation.axis === 0 ? "rowIndex" : "columnIndex";
    case "broadcast":
      return operation.along === "row" ? "broadcastRow" : "broadcastColumn";
    case "sumRows":
    case "sumColumns":
      return "sum";
    case "maxColumns":
      return "max";
    case "argmaxColumns":
      return "argmax";
    case "take":
      return "gatherRows";
    case "pick":
      return "gatherColumns";
    default:
      return operation.kind;
  }
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
  return tensorOf({ operation: { kind: "input", name }, inputs: [], shape, type });
}

/**
 * The features of a data set, of which {@linkcode gatherRows} reads rows. Its number of rows is left open,
 * so that one program serves training, validation and test data.
 */
export function source(name: string, features: number, encoding: Encoding): Tensor {
  return tensorOf({
    operation: { kind: "source", name, encoding },
    inputs: [],
    shape: [features],
    type: "float",
  });
}

/** A number that is part of the expression; kept in double precision and rounded once. */
export function constant(value: number, type: ElementType = "float"): Tensor {
  return tensorOf({ operation: { kind: "constant", value }, inputs: [], shape: [], type });
}
