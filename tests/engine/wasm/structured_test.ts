import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { evaluate } from "../../../lib/engine/reference/reference.ts";
import {
  argmax,
  below,
  dot,
  type Encoding,
  gatherColumns,
  gatherRows,
  input,
  key,
  matmul,
  max,
  mul,
  reshape,
  source,
  sub,
  sum,
  type Tensor,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { normalValues } from "../../numbers.ts";
import { assertAgrees } from "../bits.ts";
import { PRODUCTS } from "./products.ts";

/** Sizes around the 4 lanes of a vector, its tiles of 8 and panels of 32, and primes between. */
const size = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 31, 32, 33, 37);
const seed = fc.nat(100);
const settings = { seed: 11, numRuns: 60 };

const matrix = (name: string, rows: number, columns: number) => input(name, [rows, columns]);

/** Normal numbers with a special one here and there. */
function values(name: string, count: number, special: readonly number[] = []): number[] {
  return normalValues(name, [count]).map((value, index) => {
    const place = below(key(2, name), index, 20);
    return special[place] ?? value;
  });
}

for (const [name, product] of Object.entries(PRODUCTS)) {
  Deno.test(`matmul() computes ${name} of all shapes with the reference's bits`, () => {
    fc.assert(
      fc.property(size, size, size, seed, (m, k, n, seed) => {
        const inputs = {
          a: values(`a${seed}`, m * k),
          b: values(`b${seed}`, k * n, [Infinity, -0, 1e38]),
        };
        assertAgrees({ outputs: { y: product(m, k, n) } }, { inputs });
      }),
      settings,
    );
  });
}

const ROWS = 7;

/** A data set of 8-bit values, most of them zero, the row 3 without any. */
function pixels(features: number, seed: number): number[] {
  return Array.from(
    { length: ROWS * features },
    (_, index) =>
      Math.floor(index / features) === 3
        ? 0
        : Math.max(0, below(key(seed, "pixels"), index, 512) - 256),
  );
}

/** A batch of rows of a data set; rows may come more than once. */
function batch(features: number, count: number, encoding: Encoding): Tensor {
  return gatherRows(source("data", features, encoding), input("rows", [count], "integer"));
}

function batchBindings(features: number, count: number, seed: number) {
  const scale = Float32Array.from({ length: features }, (_, i) => i % 5 === 4 ? 0 : 1 / (i + 2));
  return {
    inputs: { rows: Array.from({ length: count }, (_, i) => below(key(seed, "rows"), i, ROWS)) },
    sources: { data: { values: pixels(features, seed), scale } },
  };
}

/** Features around the 16 that are looked at together; every fifth has the scale 0. */
const features = fc.constantFrom(1, 2, 5, 8, 13, 15, 16, 17, 31, 33, 50, 64);
const count = fc.constantFrom(1, 2, 3, 8, 17);
const width = fc.integer({ min: 1, max: 70 });

Deno.test("matmul() multiplies sparse rows by weights of every width with the reference's bits", () => {
  fc.assert(
    fc.property(features, count, width, seed, (features, count, width, seed) => {
      const y = matmul(batch(features, count, "sparse8"), matrix("w", features, width));
      const { inputs, sources } = batchBindings(features, count, seed);
      const w = values(`w${seed}`, features * width, [Infinity, NaN, -0]);
      assertAgrees({ outputs: { y } }, { inputs: { ...inputs, w }, sources });
    }),
    settings,
  );
});

Deno.test("matmul() multiplies sparse columns by gradients of every width with the reference's bits", () => {
  fc.assert(
    fc.property(features, count, width, seed, (features, count, width, seed) => {
      const y = matmul(transpose(batch(features, count, "sparse8")), matrix("dy", count, width));
      const { inputs, sources } = batchBindings(features, count, seed);
      const dy = values(`dy${seed}`, count * width, [Infinity, NaN, -0]);
      assertAgrees({ outputs: { y } }, { inputs: { ...inputs, dy }, sources });
    }),
    settings,
  );
});

Deno.test("matmul() computes panels of every width for weights, and for their gradients from sparse rows", () => {
  const wide = fc.constantFrom(31, 33, 63, 64, 65, 96, 97, 127, 128, 130);
  fc.assert(
    fc.property(features, count, wide, seed, (features, count, width, seed) => {
      const [x, w] = [batch(features, count, "sparse8"), matrix("w", features, width)];
      const gradient = matmul(transpose(x), matrix("dy", count, width));
      const { inputs, sources } = batchBindings(features, count, seed);
      const floats = {
        w: values(`w${seed}`, features * width, [Infinity, NaN, -0]),
        dy: values(`dy${seed}`, count * width, [Infinity, NaN, -0]),
      };
      const step = { outputs: { y: matmul(x, w) }, state: { w: sub(w, mul(gradient, 0.5)) } };
      assertAgrees(step, { inputs: { ...inputs, ...floats }, sources });
    }),
    settings,
  );
});

Deno.test("sparse products handle batches of zeros, and repeated rows", () => {
  const bindings = (rows: readonly number[]) => ({
    inputs: { rows, w: values("w", 5 * 33, [Infinity]), dy: values("dy", 4 * 33, [NaN]) },
    sources: { data: { values: pixels(5, 1), scale: 0.5 } },
  });
  const x = batch(5, 4, "sparse8");
  const outputs = {
    forward: matmul(x, matrix("w", 5, 33)),
    backward: matmul(transpose(x), matrix("dy", 4, 33)),
    dense: mul(x, 1),
  };
  assertAgrees({ outputs }, bindings([3, 3, 3, 3]));
  assertAgrees({ outputs }, bindings([2, 3, 2, 2]));
});

for (const encoding of ["sparse8", "dense8", "dense32"] as const) {
  Deno.test(`gatherRows() decodes rows stored as ${encoding} with the reference's bits`, () => {
    fc.assert(
      fc.property(features, count, seed, (features, count, seed) => {
        const x = batch(features, count, encoding);
        const w = matrix("w", features, 9);
        const outputs = { x, doubled: mul(x, 2), sums: sum(x, "columns"), y: matmul(x, w) };
        const { inputs, sources } = batchBindings(features, count, seed);
        const bound = { ...inputs, w: values("w", features * 9) };
        assertAgrees({ outputs }, { inputs: bound, sources });
      }),
      settings,
    );
  });
}

Deno.test("reductions and transpose() of all shapes have the reference's bits", () => {
  fc.assert(
    fc.property(size, size, seed, (m, n, seed) => {
      const x = matrix("x", m, n);
      const columns = input("columns", [m], "integer");
      const inputs = {
        x: values(`x${seed}`, m * n, [-0, 0, -0]),
        columns: Array.from({ length: m }, (_, i) => below(key(seed, "columns"), i, n)),
      };
      const outputs = {
        sumRows: sum(x, "rows"),
        sumColumns: sum(x, "columns"),
        maxColumns: max(x, "columns"),
        argmaxColumns: argmax(x),
        pick: gatherColumns(x, columns),
        transpose: transpose(x),
      };
      assertAgrees({ outputs }, { inputs });
    }),
    settings,
  );
});

Deno.test("max() handles NaN and -0, argmax() returns the first of equals", () => {
  const rows = [
    [1, NaN, 3],
    [NaN, 1, 2],
    [1, 2, NaN],
    [NaN, NaN, NaN],
    [-0, 0, -0],
    [-0, -0, -0],
    [0, -0, 0],
    [5, 5, 5],
    [-Infinity, -Infinity, -Infinity],
    [-1, Infinity, Infinity],
    [2, 1, 2],
  ];
  const x = matrix("x", rows.length, 3);
  const outputs = { largest: max(x, "columns"), where: argmax(x) };
  assertAgrees({ outputs }, { inputs: { x: rows.flat() } });
});

Deno.test("dot() adds in the reference's order for lengths around its lanes and blocks", () => {
  for (const length of [1, 3, 15, 16, 17, 31, 33, 4095, 4096, 4097, 4112, 8191, 8192, 12_300]) {
    const inputs = { a: values("a", length), b: values("b", length) };
    const y = dot(input("a", [length]), input("b", [length]));
    assertAgrees({ outputs: { y } }, { inputs });
  }
});

Deno.test("dot() of matrices adds row by row, as dot() of the vectors that they are", () => {
  const [a, b] = [matrix("a", 70, 65), matrix("b", 70, 65)];
  const bindings = { inputs: { a: values("a", 70 * 65), b: values("b", 70 * 65) } };
  const flat = [a, b].map((x) => reshape(x, [70 * 65])) as [Tensor, Tensor];
  const outputs = { matrices: dot(a, b), vectors: dot(...flat) };
  assertAgrees({ outputs }, bindings);
  const [matrices, vectors] = evaluate(Object.values(outputs), bindings);
  assertEquals(matrices, vectors);
});
