/**
 * The reference interpreter: computes expressions with plain loops, in single or double precision. It
 * defines every operation; every faster implementation is tested against it.
 *
 * Every operation rounds once. In single precision, JavaScript's double arithmetic followed by one
 * rounding gives exactly the single-precision result of + − × ÷ and √ (Figueroa, "When is double rounding
 * innocuous?", SIGNUM Newsletter 30(3), 1995). An expression of constants alone is itself a constant: it
 * is computed in double precision, and rounded where an operation combines it with other values.
 *
 * @module
 */

import { addByTree, type Leaves, microBatchRows } from "../../tensor/micro_batches.ts";
import { topologicalOrder } from "../../tensor/graph.ts";
import { EXPANSIONS } from "../../tensor/functions.ts";
import * as math from "../../tensor/math/math.ts";
import { isConstant } from "../../tensor/predicates.ts";
import { skipZeros } from "../../tensor/rewrite.ts";
import { SCALAR } from "../../tensor/scalar.ts";
import type { MathFunction } from "../../tensor/operations.ts";
import { sourceRowsOf } from "../../tensor/images.ts";
import { dimension, formatShape, sizeOf, type Tensor, tensorOf } from "../../tensor/tensor.ts";
import { DOT_BLOCK, DOT_LANES } from "../../tensor/structured.ts";
import { augmentRows } from "./images.ts";

/** Elements of a computed tensor, row-major: floats of the chosen precision, or integers. */
export type Elements =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** A data set that an expression reads: each element is value · scale, rounded once. */
export interface SourceValues {
  /** Values, row-major [rows, features]. */
  readonly values: ArrayLike<number>;
  /** One factor for all features, or one for each. */
  readonly scale: number | ArrayLike<number>;
}

/** Values of the inputs and sources of an expression, by name. */
export interface Bindings {
  /** Elements of each input, row-major. */
  readonly inputs?: Readonly<Record<string, ArrayLike<number>>>;
  /** Data sets of the sources. */
  readonly sources?: Readonly<Record<string, SourceValues>>;
}

/** Values of inputs and sources and, for every tensor of rows gathered so far, its values before scaling. */
interface Values extends Bindings {
  readonly stored: Map<Tensor, ArrayLike<number>>;
}

/** Floating-point precision: single or double. */
export type Precision = "f32" | "f64";

/**
 * Computes tensors. Returns the elements of each, in the order of `outputs`.
 *
 * @throws {TypeError} if an input or source has no value, or an input's number of elements is not its size
 */
export function evaluate(
  outputs: readonly Tensor[],
  bindings: Bindings = {},
  precision: Precision = "f32",
): Elements[] {
  const known = new Map<Tensor, Elements>();
  const values: Values = { ...bindings, stored: new Map() };
  const constants = new Map<Tensor, Elements>();
  const valueOf = (tensor: Tensor): Elements => known.get(tensor) as Elements;
  const rewritten = Object.values(skipZeros(Object.fromEntries(outputs.entries())).outputs);
  for (const tensor of topologicalOrder(rewritten)) {
    if (!isConstant(tensor, (input) => constants.has(input))) {
      known.set(tensor, computeOperation(tensor, tensor.inputs.map(valueOf), values, precision));
      continue;
    }
    const inputs = tensor.inputs.map((input) => constants.get(input) as Elements);
    const exact = computeOperation(tensor, inputs, values, "f64");
    constants.set(tensor, exact);
    const rounded = allocateElements(tensor, precision);
    rounded.set(exact);
    known.set(tensor, rounded);
  }
  return rewritten.map(valueOf);
}

/** Computes a tensor from the elements of its inputs. */
function computeOperation(
  tensor: Tensor,
  inputs: readonly Elements[],
  values: Values,
  precision: Precision,
): Elements {
  const { operation, shape } = tensor;
  const out = allocateElements(tensor, precision);
  const round = precision === "f32" ? Math.fround : (x: number) => x;
  const [x, y] = inputs;
  const [m, n] = inputs.length > 0 && tensor.inputs[0]?.shape.length === 2
    ? tensor.inputs[0].shape
    : [0, 0];
  switch (operation.kind) {
    case "input":
      return copyInputElements(out, operation.name, tensor, values);
    case "source":
      return out; // has no elements: "gatherRows" reads the binding
    case "constant":
      return out.fill(operation.value);
    case "primitive":
      return applyElementwise(out, SCALAR[operation.name], inputs);
    case "function":
      return applyMathFunction(out, operation.name, tensor, x, precision);
    case "shift": {
      const { direction, bits: by } = operation;
      return fillElements(out, (i) => direction === "left" ? x[i] << by : x[i] >>> by);
    }
    case "index": {
      const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
      return fillElements(out, (i) => operation.axis === 0 ? Math.floor(i / columns) : i % columns);
    }
    case "broadcast": {
      const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
      const place = {
        row: (i: number) => i % columns,
        column: (i: number) => Math.floor(i / columns),
        scalar: () => 0,
      };
      const from = place[operation.along];
      return fillElements(out, (i) => x[from(i)]);
    }
    case "slice":
      return fillElements(out, (i) => x[operation.offset + i]);
    case "reshape":
      return fillElements(out, (i) => x[i]);
    case "concatenate": {
      let offset = 0;
      for (const part of inputs) {
        out.set(part, offset);
        offset += part.length;
      }
      return out;
    }
    case "transpose":
      return fillElements(out, (i) => x[(i % m) * n + Math.floor(i / m)]);
    case "gatherRows":
      return decodeRows(out, tensor, gatherUnscaledRows(tensor, y, values), values, round);
    case "warp":
    case "erase":
    case "blend":
    case "addNoise": {
      const rows = values.stored.get(tensor.inputs[0]) as ArrayLike<number>;
      return decodeRows(out, tensor, augmentRows(tensor, rows, inputs, round), values, round);
    }
    case "matmul":
      return multiplyMatrices(out, tensor, x, y, round);
    case "sum":
      if (operation.axis === "rows") {
        const { parts = 1 } = operation;
        return fillElements(
          out,
          (j) => sumInParts({ parts, count: m }, (i) => x[i * n + j], round),
        );
      }
      return fillElements(out, (i) => sumInOrder(n, (j) => x[i * n + j], round));
    case "max":
      return fillElements(out, (i) => {
        let largest = x[i * n];
        for (let j = 1; j < n; j++) largest = Math.max(largest, x[i * n + j]);
        return largest;
      });
    case "argmax":
      return fillElements(out, (i) => {
        let best = 0;
        for (let j = 1; j < n; j++) {
          if (x[i * n + j] > x[i * n + best]) best = j;
        }
        return best;
      });
    case "gatherColumns":
      return fillElements(out, (i) => x[i * n + y[i]]);
    case "dot":
      out[0] = dotInBlocks(x, y, round);
      return out;
  }
}

/** Returns zeros for the elements of a tensor; none for a source. */
function allocateElements({ type, shape, operation }: Tensor, precision: Precision): Elements {
  const size = operation.kind === "source" ? 0 : sizeOf(shape);
  if (type === "integer") return new Int32Array(size);
  return precision === "f32" ? new Float32Array(size) : new Float64Array(size);
}

/** Sets each element of `out` to the value that `element` returns for its index. Returns `out`. */
function fillElements(out: Elements, element: (index: number) => number): Elements {
  for (let i = 0; i < out.length; i++) out[i] = element(i);
  return out;
}

/**
 * Copies the elements that are bound to an input's name to `out`. Returns `out`.
 *
 * @throws {TypeError} if none are bound, or not as many as the input has
 */
function copyInputElements(
  out: Elements,
  name: string,
  tensor: Tensor,
  { inputs }: Bindings,
): Elements {
  const bound = inputs?.[name];
  if (bound === undefined) {
    const names = Object.keys(inputs ?? {}).map((known) => `"${known}"`).join(", ");
    throw new TypeError(`Cannot evaluate: expected input "${name}": received ${names || "none"}`);
  }
  if (bound.length !== out.length) {
    throw new TypeError(
      `Cannot evaluate: expected ${out.length} elements ${
        formatShape(tensor.shape)
      } for input "${name}": received ${bound.length}`,
    );
  }
  out.set(bound);
  return out;
}

/** Elements of an operand that an operation does not have. */
const NONE: ArrayLike<number> = [0];

/**
 * Sets each element of `out` to a function of the elements of up to three operands at the same position;
 * operands of size 1 are broadcast. Returns `out`.
 */
function applyElementwise(
  out: Elements,
  f: (a: number, b: number, c: number) => number,
  inputs: readonly Elements[],
): Elements {
  const [a = NONE, b = NONE, c = NONE] = inputs;
  const [ofA, ofB, ofC] = [a, b, c].map(({ length }) => length === 1 ? 0 : 1);
  return fillElements(out, (i) => f(a[i * ofA], b[i * ofB], c[i * ofC]));
}

/**
 * Sets each element of `out` to a mathematical function of x, in single precision by its expansion to
 * primitives. Returns the result: `out`, or another array of the same size.
 */
function applyMathFunction(
  out: Elements,
  name: MathFunction,
  tensor: Tensor,
  x: Elements,
  precision: Precision,
): Elements {
  if (precision === "f64") return fillElements(out, (i) => math[name](x[i]));
  const argument = tensorOf({ ...tensor, operation: { kind: "input", name: "x" }, inputs: [] });
  const [result] = evaluate([EXPANSIONS[name](argument)], { inputs: { x } });
  return result;
}

/**
 * Returns the values, before scaling, of the rows of a data set with the indices `rows`. `tensor` is the
 * result of the gathering.
 */
function gatherUnscaledRows(tensor: Tensor, rows: Elements, bindings: Bindings): ArrayLike<number> {
  const { values } = findSource(tensor, bindings);
  const features = dimension(tensor, 1);
  return Float64Array.from({ length: rows.length * features }, (_, i) => {
    const row = rows[Math.floor(i / features)];
    return values[row * features + i % features];
  });
}

/**
 * Sets `out` to the values of rows multiplied by the scales of their features, and returns it. Also stores
 * the values before scaling (`unscaled`), because augmentations need them.
 */
function decodeRows(
  out: Elements,
  tensor: Tensor,
  unscaled: ArrayLike<number>,
  values: Values,
  round: (x: number) => number,
): Elements {
  values.stored.set(tensor, unscaled);
  const { scale } = findSource(tensor, values);
  const features = dimension(tensor, 1);
  return fillElements(out, (i) => {
    const factor = typeof scale === "number" ? scale : scale[i % features];
    return unscaled[i] * round(factor);
  });
}

/**
 * Returns the data set from which the rows of a tensor were gathered, before any augmentation.
 *
 * @throws {TypeError} if no data set is bound to its name
 */
function findSource(tensor: Tensor, { sources }: Bindings): SourceValues {
  const data = sourceRowsOf(tensor)?.inputs[0]?.operation;
  const name = data?.kind === "source" ? data.name : "";
  const bound = sources?.[name];
  if (bound !== undefined) return bound;
  throw new TypeError(`Cannot evaluate: expected source "${name}": received none of that name`);
}

/**
 * Computes a product of matrices to `out`, and returns it. Zeros of the left factor are skipped if the
 * operation has `zeros: "left out"`. Skipping changes a result only where a zero meets infinity or NaN, which
 * would make the sum NaN: a sum that begins with 0 is never −0, so adding a zero of any sign does not change
 * it.
 */
function multiplyMatrices(
  out: Elements,
  tensor: Tensor,
  a: Elements,
  b: Elements,
  round: (x: number) => number,
): Elements {
  const { operation, inputs: [left, right] } = tensor;
  const depth = dimension(left, 1);
  const columns = dimension(right, 1);
  if (operation.kind !== "matmul") return out;
  const { zeros, parts = 1 } = operation;
  return fillElements(out, (index) => {
    const row = Math.floor(index / columns) * depth;
    const column = index % columns;
    const term = (k: number) => {
      const factor = a[row + k];
      return zeros === "left out" && factor === 0 ? 0 : round(factor * b[k * columns + column]);
    };
    return sumInParts({ parts, count: depth }, term, round);
  });
}

/**
 * Divides `count` terms into `parts` micro-batches, sums the terms of each in rising order, and adds these
 * sums by the tree of micro-batches. `term` returns the term with an index.
 */
function sumInParts(
  { parts, count }: { readonly parts: number; readonly count: number },
  term: (index: number) => number,
  round: (x: number) => number,
): number {
  if (parts === 1) return sumInOrder(count, term, round);
  const sumOfLeaf = ({ from, to }: Leaves) => {
    const part = microBatchRows(count, parts, from);
    if (to - from > 1 || part.count === 0) return undefined;
    return sumInOrder(part.count, (i) => term(part.first + i), round);
  };
  return addByTree({ from: 0, to: parts }, sumOfLeaf, (a, b) => round(a + b)) as number;
}

/**
 * Sums `count` terms in rising order, with rounding after each addition. `term` returns the term with an
 * index.
 */
function sumInOrder(
  count: number,
  term: (index: number) => number,
  round: (x: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = round(sum + term(i));
  return sum;
}

/** Computes the dot product of two vectors in the order of additions that `dot` in lib/tensor documents. */
function dotInBlocks(a: Elements, b: Elements, round: (x: number) => number): number {
  const blocks = Math.ceil(a.length / DOT_BLOCK);
  return sumInOrder(blocks, (block) => {
    const from = block * DOT_BLOCK;
    const to = Math.min(a.length, from + DOT_BLOCK);
    const term = (i: number) => round(a[i] * b[i]);
    const whole = to - (to - from) % DOT_LANES;
    let sums = Array.from({ length: DOT_LANES }, () => 0);
    for (let i = from; i < whole; i++) {
      const lane = (i - from) % DOT_LANES;
      sums[lane] = round(sums[lane] + term(i));
    }
    // Lane l and lane l + width are added: widths 8, 4, 2, 1
    for (let width = DOT_LANES / 2; width >= 1; width /= 2) {
      sums = sums.slice(0, width).map((sum, lane) => round(sum + sums[lane + width]));
    }
    let sum = sums[0];
    for (let i = whole; i < to; i++) sum = round(sum + term(i));
    return sum;
  }, round);
}
