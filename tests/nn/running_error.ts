/**
 * Running error analysis (Higham, "Accuracy and stability of numerical algorithms", SIAM 2002, section
 * 3.3): how far from its value in double precision an expression can be in single precision.
 *
 * Every operation passes on the errors of its operands, by its derivative, and adds a rounding of its
 * own; functions add two units in the last place, as `tests/tensor/functions_test.ts` holds them to.
 * First order: products of errors are left out, for which the result is doubled.
 *
 * @module
 */

import { assert, assertLessOrEqual } from "@std/assert";
import { type Bindings, type Elements, evaluate } from "../../lib/engine/reference/reference.ts";
import {
  dimension,
  type MathFunction,
  type Tensor,
  topologicalOrder,
} from "../../lib/tensor/mod.ts";
import type { Primitive } from "../../lib/tensor/mod.ts";

/** Single precision's unit roundoff. */
const U = 2 ** -24;

/** Two units in the last place of a number, relative to it. */
const FUNCTION_ERROR = 4 * U;

/** A node's elements in double precision, and a bound for what each is off in single precision. */
interface Bounded {
  readonly value: Elements;
  readonly error: ArrayLike<number>;
}

/** Asserts that single precision is as close to double precision as the analysis says. */
export function assertWithinRunningError(
  name: string,
  tensor: Tensor,
  bindings: Bindings,
  single: ArrayLike<number>,
): void {
  const { value, error } = analyse(tensor, bindings);
  for (const [index, exact] of value.entries()) {
    // What is no normal number may be off by the smallest of those
    const bound = 2 * (error[index] ?? NaN) + 2 ** -126;
    assert(Number.isFinite(bound), `${name}[${index}]: no bound`);
    assertLessOrEqual(Math.abs((single[index] ?? NaN) - exact), bound, `${name}[${index}]`);
  }
}

function analyse(tensor: Tensor, bindings: Bindings): Bounded {
  const nodes = topologicalOrder([tensor]);
  const values = evaluate(nodes, bindings, "f64");
  const known = new Map<Tensor, Bounded>();
  for (const [index, node] of nodes.entries()) {
    const value = values[index];
    const inputs = node.inputs.map((input) => known.get(input) as Bounded);
    const error = node.type === "integer" ? new Float64Array(value.length) : errorOf(node, {
      value,
      inputs,
    });
    known.set(node, { value, error });
  }
  return known.get(tensor) as Bounded;
}

interface Node {
  readonly value: Elements;
  readonly inputs: readonly Bounded[];
}

/** Bounds of a node's elements. */
function errorOf(node: Tensor, { value, inputs }: Node): Float64Array {
  const { operation, shape } = node;
  const [x, y] = inputs as readonly [Bounded, Bounded];
  const each = (of: (index: number) => number) => Float64Array.from(value, (_, index) => of(index));
  const sizes = node.inputs[0]?.shape ?? [];
  const [rows = 0, columns = 0] = sizes;
  const at = (elements: ArrayLike<number>, index: number) =>
    elements[elements.length === 1 ? 0 : index] ?? NaN;
  const sum = (count: number, place: (k: number) => number) => {
    let [errors, magnitudes] = [0, 0];
    for (let k = 0; k < count; k++) {
      errors += at(x.error, place(k));
      magnitudes += Math.abs(at(x.value, place(k)));
    }
    return errors + count * U * magnitudes;
  };
  switch (operation.kind) {
    case "input":
      return each(() => 0);
    case "constant":
      return each((i) => U * Math.abs(value[i] ?? NaN));
    case "primitive":
      return each((i) =>
        primitiveError(operation.name, at(value, i), {
          errors: inputs.map(({ error }) => at(error, i)),
          values: inputs.map(({ value }) => at(value, i)),
        })
      );
    case "function":
      return each((i) =>
        functionError(operation.name, at(x.value, i), at(value, i), at(x.error, i))
      );
    case "broadcast": {
      const width = shape.length === 2 ? dimension(node, 1) : 1;
      const place = { row: (i: number) => i % width, column: (i: number) => Math.floor(i / width) };
      const { along } = operation;
      return each((i) => along === "scalar" ? at(x.error, 0) : x.error[place[along](i)] ?? NaN);
    }
    case "slice":
      return each((i) => at(x.error, i + operation.offset));
    case "reshape":
      return each((i) => at(x.error, i));
    case "transpose":
      return each((i) => at(x.error, (i % rows) * columns + Math.floor(i / rows)));
    case "sum":
      if (operation.axis === "rows") return each((j) => sum(rows, (i) => i * columns + j));
      return each((i) => sum(columns, (j) => i * columns + j));
    case "max":
      return each((i) =>
        Math.max(...Array.from({ length: columns }, (_, j) => at(x.error, i * columns + j)))
      );
    case "gatherColumns":
      return each((i) => at(x.error, i * columns + at(y.value, i)));
    case "matmul": {
      const width = dimension(node, 1);
      return each((index) => {
        const [i, j] = [Math.floor(index / width), index % width];
        let total = 0;
        for (let k = 0; k < columns; k++) {
          const [p, q] = [i * columns + k, k * width + j];
          const [a, b] = [Math.abs(at(x.value, p)), Math.abs(at(y.value, q))];
          total += a * at(y.error, q) + b * at(x.error, p) + (columns + 1) * U * a * b;
        }
        return total;
      });
    }
    default:
      throw new TypeError(`Cannot bound errors: received ${operation.kind}`);
  }
}

function primitiveError(
  name: Primitive,
  result: number,
  { errors: [ea = 0, eb = 0, ec = 0], values: [a = NaN, b = NaN] }: {
    readonly errors: readonly number[];
    readonly values: readonly number[];
  },
): number {
  const own = U * Math.abs(result);
  switch (name) {
    case "add":
    case "sub":
      return ea + eb + own;
    case "mul":
      return Math.abs(a) * eb + Math.abs(b) * ea + own;
    case "div":
      return (ea + Math.abs(result) * eb) / Math.abs(b) + own;
    case "sqrt":
      return ea / (2 * result) + own;
    case "min":
    case "max":
      return Math.max(ea, eb);
    case "neg":
    case "abs":
      return ea;
    case "selectFloat":
      return a !== 0 ? eb : ec;
    case "toFloat":
      return own;
    default:
      throw new TypeError(`Cannot bound errors: received ${name}`);
  }
}

function functionError(name: MathFunction, x: number, result: number, error: number): number {
  const slope: Readonly<Record<MathFunction, number>> = {
    exp: result,
    log: 1 / x,
    cosTurns: 2 * Math.PI,
    tanh: 1,
    erf: 1.13, // 2/√π, the slope at 0
  };
  return Math.abs(slope[name]) * error + FUNCTION_ERROR * Math.abs(result);
}
