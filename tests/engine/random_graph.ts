/**
 * Random expressions, for property tests: a few inputs of fitting shapes, then one operation after
 * the other on tensors that were made before.
 *
 * @module
 */

import fc from "fast-check";
import type { CompilerInput } from "../../lib/engine/compiler/compile.ts";
import { PANEL } from "../../lib/engine/program/program.ts";
import type { Bindings } from "../../lib/engine/reference/reference.ts";
import {
  abs,
  add,
  addInteger,
  and,
  argmax,
  below,
  bitsOf,
  broadcastColumn,
  broadcastRow,
  columnIndex,
  concatenate,
  constant,
  cosTurns,
  dimension,
  div,
  dot,
  equal,
  exp,
  fill,
  fromBits,
  gatherColumns,
  gatherRows,
  input,
  key,
  less,
  lessOrEqual,
  log,
  matmul,
  max,
  min,
  mul,
  nearest,
  neg,
  reshape,
  rowIndex,
  sameShape,
  select,
  shiftLeft,
  shiftRight,
  sizeOf,
  slice,
  source,
  sqrt,
  sub,
  sum,
  type Tensor,
  toFloat,
  toInteger,
  transpose,
  trunc,
  xor,
} from "../../lib/tensor/mod.ts";

/** An expression with what its inputs stand for. */
export interface Example {
  readonly source: CompilerInput;
  readonly bindings: Bindings;
}

/** Sizes that the shapes of an expression are made of. */
interface Sizes {
  readonly batch: number;
  readonly features: number;
  readonly units: number;
  readonly classes: number;
}

/** Number of an operation, and numbers of its operands among the tensors that fit. */
type Gene = readonly [operation: number, a: number, b: number, c: number];

const ROWS_IN_SOURCE = 6;

/** Numbers from −2 to 2, now and then a special one; the same for the same name. */
function numbers(name: string, count: number): number[] {
  const special = [0, -0, 1, -1, 0.5, 2 ** -130, 1e30, Infinity];
  const draw = key(5, "number", name);
  return Array.from({ length: count }, (_, index) => {
    const bits = below(draw, index, 2 ** 16);
    return bits < 1500 ? special[bits % special.length] : Math.fround(bits / 2 ** 14 - 2);
  });
}

/** The element of a list that a number stands for. */
function choose<Item>(items: readonly Item[], number: number): Item {
  return items[number % items.length];
}

/** The tensors made so far, and those of them that fit a purpose. */
class Pool {
  readonly #tensors: Tensor[];
  constructor(tensors: readonly Tensor[]) {
    this.#tensors = [...tensors];
  }
  add(tensor: Tensor): void {
    this.#tensors.push(tensor);
  }
  all(fits: (tensor: Tensor) => boolean): readonly Tensor[] {
    return this.#tensors.filter(fits);
  }
  /** Later tensors come first, so that chains grow long. */
  pick(number: number, fits: (tensor: Tensor) => boolean): Tensor | undefined {
    const fitting = this.all(fits);
    return fitting[fitting.length - 1 - number % Math.max(1, fitting.length)];
  }
  float(number: number): Tensor {
    return this.pick(number, isFloat) as Tensor;
  }
  like(tensor: Tensor, number: number): Tensor {
    return this.pick(
      number,
      ({ shape, type }) => type === tensor.type && sameShape(shape, tensor.shape),
    ) as Tensor;
  }
  matrix(number: number): Tensor {
    return this.pick(number, isMatrix) as Tensor;
  }
}

const isFloat = ({ type }: Tensor) => type === "float";
const isMatrix = ({ type, shape }: Tensor) => type === "float" && shape.length === 2;
const isWide = (tensor: Tensor) => isMatrix(tensor) && dimension(tensor, 1) > PANEL;
const isVector = ({ type, shape }: Tensor) => type === "float" && shape.length === 1;

/** Makes one tensor more of those of the pool, or nothing if none fits. */
type Maker = (pool: Pool, a: number, b: number, c: number) => Tensor | undefined;

const UNARY = [neg, abs, sqrt, nearest, trunc, exp, log, cosTurns];
const BINARY = [add, sub, mul, div, min, max];
const REDUCTIONS = [
  (x: Tensor) => sum(x, "rows"),
  (x: Tensor) => sum(x, "columns"),
  (x: Tensor) => max(x, "columns"),
];
const COMPARE = [equal, less, lessOrEqual];

const MAKERS: readonly Maker[] = [
  (pool, a, b) => choose(UNARY, b)(pool.float(a)),
  (pool, a, b, c) => choose(BINARY, c)(pool.float(a), pool.like(pool.float(a), b)),
  (pool, a, b, c) => choose(BINARY, c)(pool.float(a), pool.like(pool.float(a), b)),
  (pool, a, b, c) => choose(BINARY, c)(pool.float(a), choose([0, 1, -2.5, 0.1], b)),
  (pool, a, b, c) => choose(BINARY, c)(pool.float(a), pool.pick(b, isScalar) as Tensor),
  (pool, a, b, c) => {
    const x = pool.float(a);
    return select(choose(COMPARE, c)(x, pool.like(x, b)), x, pool.like(x, c));
  },
  (pool, a, b) => choose(REDUCTIONS, b)(pool.matrix(a)),
  (pool, a, b) => {
    const x = pool.matrix(a);
    const along = (axis: 0 | 1) =>
      pool.pick(b, (v) => isVector(v) && dimension(v, 0) === dimension(x, axis));
    const [column, row] = [along(0), along(1)];
    const spread = row !== undefined && (b % 2 === 0 || column === undefined)
      ? broadcastRow(row, dimension(x, 0))
      : column && broadcastColumn(column, dimension(x, 1));
    return spread && choose(BINARY, b)(x, spread);
  },
  (pool, a, b) => product(pool, a, b, (x) => x, (x) => x),
  (pool, a, b) => product(pool, a, b, transpose, (x) => x),
  (pool, a, b) => product(pool, a, b, (x) => x, transpose),
  (pool, a, b) => product(pool, a, b, transpose, transpose),
  (pool, a) => transpose(pool.matrix(a)),
  (pool, a, b) => {
    const v = pool.pick(a, isVector) as Tensor;
    const fitting = pool.all((x) => isMatrix(x) && sizeOf(x.shape) <= dimension(v, 0));
    const shape = fitting.length === 0 || b % 3 === 0 ? [1] : choose(fitting, b).shape;
    return slice(v, b % (dimension(v, 0) - sizeOf(shape) + 1), shape);
  },
  (pool, a, b) => {
    const x = pool.float(a);
    const shapes = pool.all((y) => sizeOf(y.shape) === sizeOf(x.shape)).map(({ shape }) => shape);
    return reshape(x, choose([...shapes, [sizeOf(x.shape)]], b));
  },
  (pool, a, b, c) => {
    const parts = [pool.float(a), pool.float(b), pool.float(c)].slice(0, 1 + c % 3);
    return parts.reduce((sum, { shape }) => sum + sizeOf(shape), 0) > 3000
      ? undefined
      : concatenate(parts);
  },
  (pool, a, b) => {
    // Where matrices may lie in panels, a dot product's order is another: see layout_test.ts
    if (pool.all(isWide).length > 0) return undefined;
    const v = pool.pick(a, isVector) as Tensor;
    return dot(v, pool.like(v, b));
  },
  (pool, a, b) => {
    const x = pool.matrix(a);
    const index = choose([rowIndex, columnIndex], b)(x.shape);
    return toFloat(select(choose(COMPARE, b)(x, 0), index, 7));
  },
  (pool, a, b) => {
    const x = pool.float(a);
    return toFloat(
      choose([addInteger, and, xor], b)(toInteger(x), shiftRight(bitsOf(x), 20)),
    );
  },
  (pool, a, b) => fromBits(and(shiftLeft(bitsOf(pool.float(a)), b % 3), 0x3fffffff)),
  (pool, a) => toFloat(argmax(pool.matrix(a))),
  (pool, a, b) => {
    const x = pool.matrix(a);
    return b % 2 === 0
      ? gatherColumns(x, argmax(x))
      : fill(choose([0, 1.5, -0], a), pool.float(b).shape);
  },
  (pool, a) => {
    const v = pool.pick(a, isVector) as Tensor;
    return broadcastColumn(v, 1 + a % 5);
  },
];

const isScalar = ({ type, shape }: Tensor) => type === "float" && shape.length === 0;

/** A product of two matrices that fit, each perhaps transposed first. */
function product(
  pool: Pool,
  a: number,
  b: number,
  left: (x: Tensor) => Tensor,
  right: (x: Tensor) => Tensor,
): Tensor | undefined {
  const x = left(pool.matrix(a));
  const y = pool.pick(
    b,
    (y) => isMatrix(y) && dimension(right(y), 0) === dimension(x, 1),
  );
  return y && matmul(x, right(y));
}

/** Small inputs of all kinds, and a batch of sparse or dense rows. */
function firstTensors({ batch, features, units, classes }: Sizes): readonly Tensor[] {
  const size = features * units + units * classes + classes;
  const parameters = input("parameters", [size]);
  const rows = input("rows", [batch], "integer");
  return [
    constant(0.1),
    input("rate", []),
    input("row", [units]),
    input("square", [units, units]),
    input("slot", [size]),
    parameters,
    gatherRows(source("dense", features, "dense8"), rows),
    slice(parameters, features * units, [units, classes]),
    slice(parameters, 0, [features, units]),
    gatherRows(source("sparse", features, "sparse8"), rows),
  ];
}

function build(sizes: Sizes, genes: readonly Gene[], wanted: readonly number[]): Example {
  const first = firstTensors(sizes);
  const pool = new Pool(first);
  const sparse = first.at(-1) as Tensor;
  const weight = first.at(-2) as Tensor;
  pool.add(matmul(sparse, weight));
  for (const [operation, a, b, c] of genes) {
    const made = choose(MAKERS, operation)(pool, a, b, c);
    if (made !== undefined && sizeOf(made.shape) < 3000) pool.add(made);
  }
  const outputs = Object.fromEntries(
    wanted.map((number, index) => [`y${index}`, pool.pick(number, () => true) as Tensor]),
  );
  const states = first.filter(({ operation }) => operation.kind === "input");
  const state = Object.fromEntries(
    states.map((before, index): [string, Tensor] => {
      const name = before.operation.kind === "input" ? before.operation.name : "";
      return [name, pool.like(before, wanted[index % wanted.length])];
    }),
  );
  return { source: { outputs, state }, bindings: bindingsOf(sizes, states) };
}

function bindingsOf({ batch, features }: Sizes, inputs: readonly Tensor[]): Bindings {
  const values = Uint8Array.from(
    { length: ROWS_IN_SOURCE * features },
    (_, index) => Math.max(0, below(key(3, "pixels"), index, 512) - 256),
  );
  const floats = inputs.map(({ operation, shape }): [string, number[]] => {
    const name = operation.kind === "input" ? operation.name : "";
    return [name, numbers(name, sizeOf(shape))];
  });
  const rows = Array.from(
    { length: batch },
    (_, index) => below(key(4, "rows"), index, ROWS_IN_SOURCE),
  );
  const scale = Float32Array.from({ length: features }, (_, index) => 1 / (index + 3));
  return {
    inputs: { ...Object.fromEntries(floats), rows },
    sources: { dense: { values, scale: 1 / 255 }, sparse: { values, scale } },
  };
}

/** Random expressions: of `fewest` to `most` operations, with some outputs and a state. */
export function examples(fewest: number, most: number): fc.Arbitrary<Example> {
  const number = fc.nat(1000);
  const size = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 64, 70);
  const small = fc.constantFrom(1, 2, 3, 4, 5, 7, 9);
  return fc.record({
    sizes: fc.record({ batch: small, features: small, units: size, classes: small }),
    genes: fc.array(fc.tuple(number, number, number, number), {
      minLength: fewest,
      maxLength: most,
    }),
    wanted: fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
  }).map(({ sizes, genes, wanted }) => build(sizes, genes, wanted));
}
