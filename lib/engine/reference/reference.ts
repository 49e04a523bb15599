/**
 * The reference interpreter: computes expressions at once, by plain loops, in single or double
 * precision. It is the definition of every operation; whatever is faster is tested against it.
 *
 * Every operation is rounded once. In single precision JavaScript's double arithmetic followed by one
 * rounding gives exactly the single-precision result, for + − × ÷ and √ (Figueroa, "When is double
 * rounding innocuous?", SIGNUM Newsletter 30(3), 1995). What rests on constants alone is itself a
 * constant: it is computed in double precision and rounded where it meets a value.
 *
 * @module
 */

import { inOrder } from "../../tensor/graph.ts";
import { EXPANSIONS } from "../../tensor/functions.ts";
import * as math from "../../tensor/math/math.ts";
import { isConstant } from "../../tensor/predicates.ts";
import { skipZeros } from "../../tensor/rewrite.ts";
import { SCALAR } from "../../tensor/scalar.ts";
import type { MathFunction } from "../../tensor/operations.ts";
import { takenOf } from "../../tensor/images.ts";
import { dimension, show, sizeOf, type Tensor, tensorOf } from "../../tensor/tensor.ts";
import { DOT_BLOCK, DOT_LANES } from "../../tensor/structured.ts";
import { augment } from "./images.ts";

/** Elements of a computed tensor, row-major: floating point in the chosen precision, or integers. */
export type Elements =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>;

/** Rows of a data set as an expression reads them: each element is value · scale, rounded once. */
export interface SourceValues {
  /** Row-major [rows, features]. */
  readonly values: ArrayLike<number>;
  /** One factor for all features, or one for each. */
  readonly scale: number | ArrayLike<number>;
}

/** What the inputs of an expression stand for, by name. */
export interface Bindings {
  /** Elements of each input, row-major. */
  readonly inputs?: Readonly<Record<string, ArrayLike<number>>>;
  /** Data sets that rows are taken from. */
  readonly sources?: Readonly<Record<string, SourceValues>>;
}

/** Bindings, and the rows taken so far as they are stored: 8-bit values, before they are scaled. */
interface Given extends Bindings {
  readonly stored: Map<Tensor, ArrayLike<number>>;
}

/** Single or double precision. */
export type Precision = "f32" | "f64";

/**
 * Computes expressions.
 *
 * @throws {TypeError} if an input is not bound or has another number of elements
 */
export function evaluate(
  outputs: readonly Tensor[],
  bindings: Bindings = {},
  precision: Precision = "f32",
): Elements[] {
  const known = new Map<Tensor, Elements>();
  const given: Given = { ...bindings, stored: new Map() };
  const constants = new Map<Tensor, Elements>();
  const valueOf = (tensor: Tensor): Elements => known.get(tensor) as Elements;
  const stated = Object.values(skipZeros(Object.fromEntries(outputs.entries())).outputs);
  for (const tensor of inOrder(stated)) {
    if (!isConstant(tensor, (input) => constants.has(input))) {
      known.set(tensor, compute(tensor, tensor.inputs.map(valueOf), given, precision));
      continue;
    }
    const inputs = tensor.inputs.map((input) => constants.get(input) as Elements);
    const exact = compute(tensor, inputs, given, "f64");
    constants.set(tensor, exact);
    const rounded = allocate(tensor, precision);
    rounded.set(exact);
    known.set(tensor, rounded);
  }
  return stated.map(valueOf);
}

function compute(
  tensor: Tensor,
  inputs: readonly Elements[],
  given: Given,
  precision: Precision,
): Elements {
  const { operation, shape } = tensor;
  const out = allocate(tensor, precision);
  const round = precision === "f32" ? Math.fround : (x: number) => x;
  const [x, y] = inputs;
  const [m, n] = inputs.length > 0 && tensor.inputs[0]?.shape.length === 2
    ? tensor.inputs[0].shape
    : [0, 0];
  switch (operation.kind) {
    case "input":
      return copyInput(out, operation.name, tensor, given);
    case "source":
      return out; // holds nothing itself: take reads the binding
    case "constant":
      return out.fill(operation.value);
    case "primitive":
      return elementwise(out, SCALAR[operation.name], inputs);
    case "function":
      return mathFunction(out, operation.name, tensor, x, precision);
    case "shift": {
      const { direction, bits: by } = operation;
      return fill(out, (i) => direction === "left" ? x[i] << by : x[i] >>> by);
    }
    case "index": {
      const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
      return fill(out, (i) => operation.axis === 0 ? Math.floor(i / columns) : i % columns);
    }
    case "broadcast": {
      const columns = shape.length === 2 ? dimension(tensor, 1) : 1;
      const place = {
        row: (i: number) => i % columns,
        column: (i: number) => Math.floor(i / columns),
        scalar: () => 0,
      };
      const from = place[operation.along];
      return fill(out, (i) => x[from(i)]);
    }
    case "slice":
      return fill(out, (i) => x[operation.offset + i]);
    case "reshape":
      return fill(out, (i) => x[i]);
    case "concatenate": {
      let offset = 0;
      for (const part of inputs) {
        out.set(part, offset);
        offset += part.length;
      }
      return out;
    }
    case "transpose":
      return fill(out, (i) => x[(i % m) * n + Math.floor(i / m)]);
    case "take":
      return decode(out, tensor, storedRows(tensor, y, given), given, round);
    case "warp":
    case "erase":
    case "blend":
    case "disturb": {
      const rows = given.stored.get(tensor.inputs[0]) as ArrayLike<number>;
      return decode(out, tensor, augment(tensor, rows, inputs, round), given, round);
    }
    case "matmul":
      return product(out, tensor, x, y, round);
    case "sumRows":
      return fill(out, (j) => orderedSum(m, (i) => x[i * n + j], round));
    case "sumColumns":
      return fill(out, (i) => orderedSum(n, (j) => x[i * n + j], round));
    case "maxColumns":
      return fill(out, (i) => {
        let largest = x[i * n];
        for (let j = 1; j < n; j++) largest = Math.max(largest, x[i * n + j]);
        return largest;
      });
    case "argmaxColumns":
      return fill(out, (i) => {
        let best = 0;
        for (let j = 1; j < n; j++) {
          if (x[i * n + j] > x[i * n + best]) best = j;
        }
        return best;
      });
    case "pick":
      return fill(out, (i) => x[i * n + y[i]]);
    case "dot":
      out[0] = blockedDot(x, y, round);
      return out;
  }
}

function allocate({ type, shape, operation }: Tensor, precision: Precision): Elements {
  const size = operation.kind === "source" ? 0 : sizeOf(shape);
  if (type === "integer") return new Int32Array(size);
  return precision === "f32" ? new Float32Array(size) : new Float64Array(size);
}

function fill(out: Elements, element: (index: number) => number): Elements {
  for (let i = 0; i < out.length; i++) out[i] = element(i);
  return out;
}

function copyInput(out: Elements, name: string, tensor: Tensor, { inputs }: Bindings): Elements {
  const given = inputs?.[name];
  if (given === undefined) {
    const names = Object.keys(inputs ?? {}).map((known) => `"${known}"`).join(", ");
    throw new TypeError(`Cannot evaluate: expected input "${name}": received ${names || "none"}`);
  }
  if (given.length !== out.length) {
    throw new TypeError(
      `Cannot evaluate: expected ${out.length} elements ${
        show(tensor.shape)
      } for input "${name}": received ${given.length}`,
    );
  }
  out.set(given);
  return out;
}

const NONE: ArrayLike<number> = [0];

/** Operands of size 1 stand for all elements. */
function elementwise(
  out: Elements,
  f: (a: number, b: number, c: number) => number,
  inputs: readonly Elements[],
): Elements {
  const [a = NONE, b = NONE, c = NONE] = inputs;
  const [ofA, ofB, ofC] = [a, b, c].map(({ length }) => length === 1 ? 0 : 1);
  return fill(out, (i) => f(a[i * ofA], b[i * ofB], c[i * ofC]));
}

function mathFunction(
  out: Elements,
  name: MathFunction,
  tensor: Tensor,
  x: Elements,
  precision: Precision,
): Elements {
  if (precision === "f64") return fill(out, (i) => math[name](x[i]));
  const argument = tensorOf({ ...tensor, operation: { kind: "input", name: "x" }, inputs: [] });
  const [result] = evaluate([EXPANSIONS[name](argument)], { inputs: { x } });
  return result;
}

function storedRows(tensor: Tensor, rows: Elements, given: Given): ArrayLike<number> {
  const { values } = boundSource(tensor, given);
  const features = dimension(tensor, 1);
  return Float64Array.from({ length: rows.length * features }, (_, i) => {
    const row = rows[Math.floor(i / features)];
    return values[row * features + i % features];
  });
}

/** Stored values times their scale; kept as they are stored for what augments them. */
function decode(
  out: Elements,
  tensor: Tensor,
  values: ArrayLike<number>,
  given: Given,
  round: (x: number) => number,
): Elements {
  given.stored.set(tensor, values);
  const { scale } = boundSource(tensor, given);
  const features = dimension(tensor, 1);
  return fill(out, (i) => {
    const factor = typeof scale === "number" ? scale : scale[i % features];
    return values[i] * round(factor);
  });
}

/** The data set that rows, augmented or not, were taken from. */
function boundSource(tensor: Tensor, { sources }: Bindings): SourceValues {
  const data = takenOf(tensor)?.inputs[0]?.operation;
  const name = data?.kind === "source" ? data.name : "";
  const bound = sources?.[name];
  if (bound !== undefined) return bound;
  throw new TypeError(`Cannot evaluate: expected source "${name}": received none of that name`);
}

/**
 * Zeros that are left out are left out even where they meet an infinite number or NaN, which would make
 * the sum NaN. Everywhere else it is all the same: a sum that begins with 0 is never −0, and a zero
 * added to it, of whatever sign, changes nothing.
 */
function product(
  out: Elements,
  tensor: Tensor,
  a: Elements,
  b: Elements,
  round: (x: number) => number,
): Elements {
  const { operation, inputs: [left, right] } = tensor;
  const depth = dimension(left, 1);
  const columns = dimension(right, 1);
  const leavesOut = operation.kind === "matmul" && operation.zeros === "left out";
  return fill(out, (index) => {
    const row = Math.floor(index / columns) * depth;
    const column = index % columns;
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      const factor = a[row + k];
      if (leavesOut && factor === 0) continue;
      sum = round(sum + round(factor * b[k * columns + column]));
    }
    return sum;
  });
}

function orderedSum(
  count: number,
  term: (index: number) => number,
  round: (x: number) => number,
): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = round(sum + term(i));
  return sum;
}

function blockedDot(a: Elements, b: Elements, round: (x: number) => number): number {
  const blocks = Math.ceil(a.length / DOT_BLOCK);
  return orderedSum(blocks, (block) => {
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
