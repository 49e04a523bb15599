/**
 * Tensors are expressions: an operation, the tensors that it is applied to, and a shape.
 *
 * Building a tensor computes nothing. `lib/engine` computes it: immediately by the reference interpreter, or
 * by a compiled program that runs many times.
 *
 * @module
 */

import type { ElementType, Encoding, Operation } from "./operations.ts";

/** Sizes of the dimensions: [] for a single number, [n] for a vector, [rows, columns] for a matrix. */
export type Shape = readonly number[];

/** A node of an expression graph. */
export interface Tensor {
  /** Operation that computes the tensor. */
  readonly operation: Operation;
  /** Operands of the operation. */
  readonly inputs: readonly Tensor[];
  /** Sizes of the dimensions. */
  readonly shape: Shape;
  /** Type of the elements: floating-point numbers, or 32-bit integers and masks. */
  readonly type: ElementType;
  /** Returns the expression, shortened, and its shape: "add(matmul(x, w), broadcastRow(b)) [2, 2]". */
  toString(): string;
}

/** Prototype of all tensors, whose methods convert them to text. */
const EXPRESSION = {
  toString(this: Tensor): string {
    const type = this.type === "integer" ? "integer " : "";
    return `${formatExpression(this)} ${type}${formatShape(this.shape)}`;
  },
  /** Returns the text that Deno and Node.js print. */
  [Symbol.for("nodejs.util.inspect.custom")](this: Tensor): string {
    return this.toString();
  },
};

/**
 * Creates a tensor from its fields, without checking them. As text, it is an expression: "add(matmul(x, w),
 * broadcastRow(b)) [2, 2]".
 */
export function tensorOf(fields: Omit<Tensor, "toString">): Tensor {
  const { operation, inputs, shape, type } = fields; // callers may pass a whole tensor, with other fields
  return Object.assign(Object.create(EXPRESSION), { operation, inputs, shape, type });
}

/** Largest number of characters of a printed expression; an expression printed to depth 1 may have more. */
const LONGEST = 160;

/** Largest depth of nested operations that is printed. */
const DEEPEST = 8;

/** Largest number of operands of an operation that are printed. */
const MOST_OPERANDS = 8;

/**
 * Formats an expression to the largest depth at which its text has at most {@linkcode LONGEST} characters.
 * "…" replaces deeper operations.
 */
function formatExpression(tensor: Tensor): string {
  for (let depth = DEEPEST; depth > 1; depth--) {
    const text = formatToDepth(tensor, depth);
    if (text.length <= LONGEST) return text;
  }
  return formatToDepth(tensor, 1);
}

/** Formats an expression to `depth` nested operations, of any length. */
function formatToDepth({ operation, inputs }: Tensor, depth: number): string {
  if (operation.kind === "input" || operation.kind === "source") return operation.name;
  if (operation.kind === "constant") return `${operation.value}`;
  if (operation.kind === "broadcast" && operation.along === "scalar") {
    return formatToDepth(inputs[0], depth);
  }
  if (depth === 0) return "…";
  const operands = inputs.slice(0, MOST_OPERANDS).map((input) => formatToDepth(input, depth - 1));
  const more = inputs.length > MOST_OPERANDS ? ["…"] : [];
  const axis = operation.kind === "sum" || operation.kind === "max" ? [`"${operation.axis}"`] : [];
  return `${functionName(operation)}(${[...operands, ...more, ...axis].join(", ")})`;
}

/** Returns the name of the function that creates an operation, for example "shiftLeft". */
function functionName(operation: Operation): string {
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
    default:
      return operation.kind;
  }
}

/** Returns the number of elements of a shape. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Formats a shape for messages, for example "[64, 784]". */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** Returns whether two shapes are equal. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/**
 * Throws a TypeError unless a tensor has `rank` dimensions.
 *
 * @param operation verb for the message: "transpose"
 * @param expected description of such a tensor for the message: "a matrix"
 */
export function expectRank(
  operation: string,
  tensor: Tensor,
  rank: number,
  expected: string,
): void {
  if (tensor.shape.length === rank) return;
  throw new TypeError(
    `Cannot ${operation}: expected ${expected} of ${rank} dimensions: received ${
      formatShape(tensor.shape)
    }`,
  );
}

/**
 * Throws a TypeError unless the elements of a tensor have the expected type. `operation` is a verb for the
 * message: "transpose".
 */
export function expectType(operation: string, tensor: Tensor, type: ElementType): void {
  if (tensor.type === type) return;
  throw new TypeError(`Cannot ${operation}: expected ${type} elements: received ${tensor.type}`);
}

/**
 * Returns the size of the dimension with the index `axis`; throws a TypeError if the tensor has fewer
 * dimensions.
 */
export function dimension(tensor: Tensor, axis: number): number {
  const size = tensor.shape[axis];
  if (size === undefined) {
    throw new TypeError(
      `Cannot read dimension ${axis}: expected more dimensions: received ${
        formatShape(tensor.shape)
      }`,
    );
  }
  return size;
}

/**
 * Creates an input: a tensor whose elements are bound by its name when the expression is computed.
 *
 * @throws {RangeError} if a size is not a positive integer
 */
export function input(name: string, shape: Shape, type: ElementType = "float"): Tensor {
  if (!shape.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw new RangeError(
      `Cannot create input "${name}": expected positive integers as shape: received ${
        formatShape(shape)
      }`,
    );
  }
  return tensorOf({ operation: { kind: "input", name }, inputs: [], shape, type });
}

/**
 * Creates a source: the features of a data set, from which {@linkcode gatherRows} gathers rows. Its shape is
 * [features], without the number of rows, so one program serves training, validation and test data.
 */
export function source(name: string, features: number, encoding: Encoding): Tensor {
  return tensorOf({
    operation: { kind: "source", name, encoding },
    inputs: [],
    shape: [features],
    type: "float",
  });
}

/**
 * Creates a constant of shape []. Its value is kept in double precision, and rounded once when it is used.
 */
export function constant(value: number, type: ElementType = "float"): Tensor {
  return tensorOf({ operation: { kind: "constant", value }, inputs: [], shape: [], type });
}
