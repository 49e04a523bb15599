import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import fc from "fast-check";
import { compile, type CompilerInput } from "../../../lib/engine/compiler/compile.ts";
import {
  convertLayout,
  type PanelRegion,
  splitIntoPanels,
} from "../../../lib/engine/program/program.ts";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import { keepSparse } from "../../../lib/tensor/rewrite.ts";
import {
  abs,
  add,
  addRow,
  argmax,
  below,
  broadcastColumn,
  broadcastRow,
  concatenate,
  dimension,
  dot,
  gatherRows,
  input,
  key,
  less,
  matmul,
  max,
  mul,
  reshape,
  rowIndex,
  select,
  slice,
  source,
  sqrt,
  sub,
  sum,
  type Tensor,
  toFloat,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees, computed } from "../bits.ts";

const FEATURES = 11;
const BATCH = 6;
const CLASSES = 5;
const WIDTHS = [1, 10, 31, 32, 33, 64, 70, 128];

const SINGLE_ROUNDOFF = 2 ** -24;

const singles = (name: string, count: number) => normalValues(name, [count]).map(Math.fround);

/** A batch of sparse rows whose values are small multiples of 1/16: products by scale are exact. */
const x = gatherRows(source("data", FEATURES, "sparse8"), input("rows", [BATCH], "integer"));
const SOURCES = {
  data: {
    values: Array.from(
      { length: 8 * FEATURES },
      (_, index) => Math.max(0, below(key(1, "pixels"), index, 64) - 32),
    ),
    scale: 1 / 16,
  },
};
const ROWS = [3, 0, 7, 3, 2, 5];

/** Two dense layers, their gradients for dy = y − 1, and an update of the flat parameters. */
function step(width: number, rowsOf = (x: Tensor) => x) {
  const size = FEATURES * width + width + width * CLASSES;
  const parameters = input("parameters", [size]);
  const velocity = input("velocity", [size]);
  const w1 = slice(parameters, 0, [FEATURES, width]);
  const bias = slice(parameters, FEATURES * width, [width]);
  const w2 = slice(parameters, FEATURES * width + width, [width, CLASSES]);
  const rows = rowsOf(x);
  const hidden = max(addRow(matmul(rows, w1), bias), 0);
  const y = matmul(hidden, w2);
  const dy = sub(y, 1);
  const dHidden = select(less(0, hidden), matmul(dy, transpose(w2)), 0);
  const dw1 = matmul(transpose(rows), dHidden);
  const gradient = concatenate([dw1, sum(dHidden, "rows"), matmul(transpose(hidden), dy)]);
  const next = add(mul(velocity, 0.9), gradient);
  const state = {
    velocity: next,
    parameters: sub(parameters, mul(mul(next, 0.01), sqrt(abs(next)))),
  };
  const inputs = {
    rows: ROWS,
    shift: singles("shift", FEATURES),
    parameters: singles("parameters", size),
    velocity: singles("velocity", size),
  };
  return {
    source: { outputs: { y, dw1, gradient }, state },
    bindings: { inputs, sources: SOURCES },
  };
}

const shift = input("shift", [FEATURES]);
const standardised = (x: Tensor) => sub(x, broadcastRow(shift, dimension(x, 0)));

const region = fc.record({
  offset: fc.nat(9),
  rows: fc.constantFrom(1, 2, 3, 7),
  columns: fc.constantFrom(1, 31, 32, 33, 64, 70),
});

Deno.test("convertLayout() stores the rows of each panel consecutively", () => {
  const [rows, columns] = [2, 34];
  const values = Float32Array.from({ length: 1 + rows * columns }, (_, index) => index);
  const region = { offset: 1, rows, columns };
  const first = (row: number) => Array.from({ length: 32 }, (_, i) => 1 + row * columns + i);
  const last = (row: number) => [1 + row * columns + 32, 1 + row * columns + 33];
  const expected = [0, ...first(0), ...first(1), ...last(0), ...last(1)];
  assertEquals([...convertLayout(values, [region], "panels")], expected);
  assertEquals(splitIntoPanels(34, true), [{ first: 0, width: 32 }, { first: 32, width: 2 }]);
  assertEquals(splitIntoPanels(34, false), [{ first: 0, width: 34 }]);
});

Deno.test("convertLayout() and its inverse give the same numbers, without changing their argument", () => {
  fc.assert(
    fc.property(region, region, (a, b) => {
      const second = { ...b, offset: a.offset + a.rows * a.columns + b.offset };
      const size = second.offset + b.rows * b.columns + 3;
      const values = Float32Array.from({ length: size }, (_, index) => index);
      const panels = convertLayout(values, [a, second], "panels");
      assertEquals(convertLayout(panels, [a, second], "rows"), values);
      assertEquals([...values], Array.from({ length: size }, (_, index) => index));
      assertEquals([...panels].sort((a, b) => a - b), [...values]);
    }),
    { seed: 3, numRuns: 50 },
  );
});

for (const width of WIDTHS) {
  Deno.test(`a network with ${width} units on sparse rows: forward, gradients, update`, () => {
    const { source, bindings } = step(width);
    const { layouts } = assertAgrees(source, bindings);
    const regions = width > 32 ? [{ offset: 0, rows: FEATURES, columns: width }] : undefined;
    const expected: Record<string, readonly PanelRegion[]> = regions === undefined
      ? {}
      : { parameters: regions, velocity: regions };
    assertEquals(layouts, expected);
  });

  Deno.test(`a network with ${width} units keeps standardized rows sparse, with equal bits`, () => {
    const { source: { outputs, state }, bindings } = step(width, standardised);
    const kept = keepSparse({ ...outputs, ...state }).outputs;
    const part = (names: object) =>
      Object.fromEntries(Object.keys(names).map((name) => [name, kept[name]]));
    const { calls } = assertAgrees({ outputs: part(outputs), state: part(state) }, bindings);
    const kernels = calls.map(({ kernel }) => kernel);
    assertEquals(kernels.includes("expandRows"), false);
    assertEquals(kernels.filter((kernel) => kernel === "sparseProduct").length, 2);
  });
}

Deno.test("keepSparse() changes results only by the rounding of its sums", () => {
  const width = 40;
  const w = input("w", [FEATURES, width]);
  const dy = input("dy", [BATCH, width]);
  const rows = standardised(x);
  const outputs = { y: matmul(rows, w), dw: matmul(transpose(rows), dy) };
  const inputs = {
    rows: ROWS,
    shift: singles("shift", FEATURES),
    w: singles("w", FEATURES * width),
    dy: singles("dy", BATCH * width),
  };
  const bindings = { inputs, sources: SOURCES };
  const exact = evaluate([outputs.y, outputs.dw], bindings, "f64");
  const kept = keepSparse(outputs).outputs as typeof outputs;
  const actual = evaluate([kept.y, kept.dw], bindings, "f32");
  // Sizes of all that is added: the same expression of absolute values, with + for −
  const absolute = (values: readonly number[]) => values.map(Math.abs);
  const sizes = evaluate(
    [outputs.y, outputs.dw].map((_, index) => {
      const summed = add(x, broadcastRow(shift, BATCH));
      return index === 0 ? matmul(summed, w) : matmul(transpose(summed), dy);
    }),
    {
      inputs: {
        rows: ROWS,
        shift: absolute(inputs.shift),
        w: absolute(inputs.w),
        dy: absolute(inputs.dy),
      },
      sources: SOURCES,
    },
    "f64",
  );
  // Each number goes through a product, at most FEATURES additions and a difference: so many
  // roundings of relative error u, and their products, for which one more is ample
  const roundings = FEATURES + 3;
  exact.forEach((values, which) =>
    values.forEach((value, index) =>
      assertLessOrEqual(
        Math.abs((actual[which]?.[index] ?? NaN) - value),
        roundings * SINGLE_ROUNDOFF * (sizes[which]?.[index] ?? NaN),
      )
    )
  );
});

Deno.test("keepSparse() does not change dense rows, and sums that are not a shift by a row", () => {
  const dense = gatherRows(source("data", FEATURES, "dense8"), input("rows", [BATCH], "integer"));
  const w = input("w", [FEATURES, 4]);
  const outputs = {
    dense: matmul(standardised(dense), w),
    plain: matmul(x, w),
    column: matmul(sub(x, broadcastColumn(input("column", [BATCH]), FEATURES)), w),
  };
  assertEquals(keepSparse(outputs).outputs, outputs);
});

Deno.test("a program uses the layouts chosen by another, and computes the same bits", () => {
  const width = 70;
  const { source: training, bindings } = step(width);
  const { layouts } = compile(training);
  const parameters = input("parameters", [FEATURES * width + width + width * CLASSES]);
  const w1 = slice(parameters, 0, [FEATURES, width]);
  // Without sparse rows this would lie in rows
  const outputs = { sums: sum(w1, "rows"), decayed: mul(parameters, 0.5), largest: argmax(w1) };
  const plain = computed({ outputs }, bindings);
  const given = compile({ outputs, layouts });
  assertEquals(given.layouts, { parameters: layouts.parameters ?? [] });
  assertEquals(computed({ outputs }, bindings, given), plain);
});

const W = input("w", [FEATURES, 33]);
const V = input("v", [FEATURES * 33 + 70]);
const inVector = slice(V, 10, [FEATURES, 33]);

/** Expressions that panels do not suit: the layout is converted, or the matrix stays in rows. */
const AWKWARD: Readonly<Record<string, CompilerInput>> = {
  "transposed weights": {
    outputs: { y: matmul(x, transpose(input("wt", [33, FEATURES]))) },
  },
  "reshaped weights": {
    outputs: { y: matmul(x, reshape(slice(V, 10, [FEATURES * 33]), [FEATURES, 33])) },
  },
  "weights on the left": {
    outputs: { y: matmul(x, W), left: matmul(W, transpose(W)), both: matmul(transpose(W), W) },
  },
  "reductions of weights": {
    outputs: { y: matmul(x, W), a: sum(W, "columns"), b: argmax(W), c: sum(W, "rows") },
  },
  "weights that are repeated": {
    outputs: { y: matmul(x, broadcastRow(input("row", [33]), FEATURES)) },
  },
  "weights that are a batch": {
    outputs: {
      y: matmul(
        gatherRows(source("data", FEATURES, "sparse8"), input("some", [4], "integer")),
        transpose(
          matmul(matmul(input("left", [33, BATCH]), x), input("square", [FEATURES, FEATURES])),
        ),
      ),
    },
  },
  "slices that cut through panels": {
    outputs: { y: matmul(x, inVector), cut: slice(V, 11, [4, 33]), line: slice(V, 10, [33]) },
  },
  "two matrices at one place": {
    outputs: {
      y: matmul(x, inVector),
      z: matmul(x, slice(V, 20, [FEATURES, 33])),
      sum: add(inVector, slice(V, 20, [FEATURES, 33])),
    },
  },
  "a matrix of another vector in the sum": {
    outputs: {
      y: matmul(x, inVector),
      sum: add(inVector, slice(input("u", [400]), 7, [FEATURES, 33])),
    },
  },
  "a state made of another's panels": {
    outputs: { y: matmul(x, W) },
    state: { v: concatenate([mul(W, 2), slice(V, 0, [70])]), w: slice(V, 3, [FEATURES, 33]) },
  },
  "a state that nothing reads": {
    outputs: { y: matmul(x, W) },
    state: { copy: mul(W, 2), vector: reshape(W, [FEATURES * 33]) },
  },
  "vectors of two layouts": {
    outputs: {
      y: matmul(x, inVector),
      product: dot(mul(V, 1), input("other", [FEATURES * 33 + 70])),
    },
  },
  "elements that are numbered": {
    outputs: { y: matmul(x, inVector), numbered: mul(V, toFloat(rowIndex(V.shape))) },
  },
};

for (const [name, source] of Object.entries(AWKWARD)) {
  Deno.test(`panels give way to ${name}`, () => {
    const sizes = { w: FEATURES * 33, v: FEATURES * 33 + 70, wt: FEATURES * 33, u: 400, row: 33 };
    const more = { other: FEATURES * 33 + 70, left: 33 * BATCH, square: FEATURES * FEATURES };
    const floats = Object.entries({ ...sizes, ...more }).map((
      [name, size],
    ) => [name, singles(name, size)]);
    const inputs = { ...Object.fromEntries(floats), rows: ROWS, some: [1, 3, 3, 0] };
    assertAgrees(source, { inputs, sources: SOURCES });
  });
}

Deno.test("planLayouts() rejects a layout that cannot be kept", () => {
  const outputs = { y: mul(V, toFloat(rowIndex(V.shape))) };
  const layouts = { v: [{ offset: 10, rows: FEATURES, columns: 33 }] };
  assertThrows(() => compile({ outputs, layouts }), TypeError, 'expected "v" row-major');
});

Deno.test("a dot product over panels differs only by the rounding of its sum", () => {
  const width = 70;
  const { source, bindings } = step(width);
  const gradient = (source.outputs as Record<string, Tensor>).gradient;
  const outputs = { norm: dot(gradient, gradient) };
  const all = { ...source, outputs };
  const actual = computed(all, bindings)["out:norm"]?.[0] ?? NaN;
  const [elements] = evaluate([gradient], bindings, "f32").map((elements) => [...elements]);
  const exact = (elements ?? []).reduce((sum, value) => sum + value * value, 0);
  // A square goes through a product and, in 16 interleaved sums, at most 1/16 of the additions of its
  // block, the 4 of pairs, 15 left over, and those of blocks; and the products of these errors: one more
  const roundings = 1 + Math.ceil(gradient.shape[0] / 16) + 4 + 15 + 2 + 1;
  assertLessOrEqual(Math.abs(actual - exact), roundings * SINGLE_ROUNDOFF * exact);
});
