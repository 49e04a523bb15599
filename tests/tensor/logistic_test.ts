import { assertEquals, assertLessOrEqual } from "@std/assert";
import * as math from "../../lib/tensor/math/math.ts";
import { input, log1p, sigmoid, softplus, type Tensor } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

/** Single precision's unit roundoff. */
const U = 2 ** -24;

/** log(1 + x) in double precision: by its series where x is small. */
function log1pOf(x: number): number {
  return x < 1e-4 ? x * (1 - x / 2 + x * x / 3 - x * x * x / 4) : math.log(1 + x);
}

/** Each function in double precision, its arguments, and its relative error in units of U. */
const FUNCTIONS: Readonly<
  Record<string, {
    readonly f: (x: Tensor) => Tensor;
    readonly exact: (x: number) => number;
    readonly range: readonly [number, number];
    readonly bound: number;
  }>
> = {
  sigmoid: {
    f: sigmoid,
    exact: (x) => x < 0 ? math.exp(x) / (1 + math.exp(x)) : 1 / (1 + math.exp(-x)),
    range: [-87, 100], // below, results are no normal numbers
    bound: 6,
  },
  log1p: { f: log1p, exact: log1pOf, range: [0, 1], bound: 8 },
  softplus: {
    f: softplus,
    exact: (x) => Math.max(x, 0) + log1pOf(math.exp(-Math.abs(x))),
    range: [-87, 100],
    bound: 13,
  },
};

for (const [name, { f, exact, range: [from, to], bound }] of Object.entries(FUNCTIONS)) {
  Deno.test(`${name}() has a relative error of ${bound} units of roundoff at most`, () => {
    const span = (low: number, high: number) =>
      Array.from({ length: 10_007 }, (_, i) => Math.fround(low + (high - low) * i / 10_006));
    const x = [...span(from, to), ...span(Math.max(from, -1), 1), ...span(0, 1e-3)];
    const values = valuesOf(f(input("x", [x.length])), { inputs: { x } }, "f32");
    for (const [index, value] of values.entries()) {
      const expected = exact(x[index] ?? NaN);
      assertLessOrEqual(Math.abs(value - expected), bound * U * expected, `at ${x[index]}`);
    }
  });
}

Deno.test("sigmoid() and softplus() of infinite numbers and NaN are their limits", () => {
  const x = input("x", [4]);
  const at = { inputs: { x: [-Infinity, Infinity, 0, NaN] } };
  for (const precision of ["f32", "f64"] as const) {
    assertEquals(valuesOf(sigmoid(x), at, precision), [0, 1, 0.5, NaN]);
    const [low, high, , bad] = valuesOf(softplus(x), at, precision);
    assertEquals([low, high, bad], [0, Infinity, NaN]);
  }
});
