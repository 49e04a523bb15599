import { assertEquals, assertLessOrEqual } from "@std/assert";
import known from "../fixtures/functions.json" with { type: "json" };
import * as math from "../../lib/tensor/math/math.ts";
import type { MathFunction } from "../../lib/tensor/operations.ts";
import { cosTurns, erf, exp, input, log, tanh, type Tensor } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const FUNCTIONS: Readonly<Record<MathFunction, (x: Tensor) => Tensor>> = {
  exp,
  log,
  cosTurns,
  tanh,
  erf,
};

/** Value of a function's expansion in single precision. */
function single(name: MathFunction, x: ArrayLike<number>): number[] {
  return valuesOf(FUNCTIONS[name](input("x", [x.length])), { inputs: { x } }, "f32");
}

/** Distance between two numbers of a size's exponent, with so many bits and so small an exponent. */
function unitInLastPlace(size: number, bits: number, smallest: number): number {
  let exponent = Math.floor(Math.log2(Math.abs(size)));
  if (2 ** exponent > Math.abs(size)) exponent -= 1; // log2 may round up
  return 2 ** Math.max(exponent - bits + 1, smallest);
}

/** Single-precision numbers in equal steps, an odd many so that no pattern of bits is favoured. */
function grid(from: number, to: number, count = 20_011): number[] {
  return Array.from({ length: count }, (_, i) => Math.fround(from + (to - from) * i / (count - 1)));
}

const ARGUMENTS: Readonly<Record<MathFunction, readonly number[]>> = {
  exp: [...grid(-104, 88.72), ...grid(-1, 1), ...grid(-1e-6, 1e-6, 101)],
  log: [
    ...grid(0.25, 4),
    ...grid(1 - 1e-4, 1 + 1e-4, 2003),
    // every power of two of single precision, with a few fractions
    ...Array.from(
      { length: 276 },
      (_, i) => [1, 1.25, 1.41, 1.42, 1.75].map((m) => m * 2 ** (i - 148)),
    )
      .flat().map(Math.fround),
  ],
  cosTurns: [...grid(0, 1), ...grid(0.25 - 1e-4, 0.25 + 1e-4, 2003), ...grid(0, 1e-3, 1001)],
  tanh: [...grid(-1, 1), ...grid(-12, 12), ...grid(0.624, 0.626, 2003), ...grid(-1e-6, 1e-6, 101)],
  erf: [...grid(-1.5, 1.5), ...grid(-5, 5), ...grid(0.999, 1.001, 2003), ...grid(-1e-6, 1e-6, 101)],
};

for (const name of ["exp", "log", "cosTurns", "tanh", "erf"] as const) {
  Deno.test(`${name}() in single precision is within 2 units in the last place`, () => {
    const x = ARGUMENTS[name];
    const values = single(name, x);
    let worst = 0;
    for (const [index, value] of values.entries()) {
      const exact = math[name](x[index] ?? NaN);
      const unit = unitInLastPlace(exact === 0 ? 2 ** -149 : exact, 24, -149);
      worst = Math.max(worst, Math.abs(value - exact) / unit);
    }
    assertLessOrEqual(worst, 2);
  });

  Deno.test(`${name}() in double precision is within 2 units in the last place of mpmath's`, () => {
    for (const [x = NaN, exact = NaN] of known[name]) {
      const error = Math.abs(math[name](x) - exact);
      assertLessOrEqual(error, 2 * unitInLastPlace(exact === 0 ? 1 : exact, 53, -1074), `${x}`);
    }
  });
}

const SPECIAL: readonly (readonly [MathFunction, number, number])[] = [
  ["exp", 0, 1],
  ["exp", -0, 1],
  ["exp", Infinity, Infinity],
  ["exp", -Infinity, 0],
  ["exp", NaN, NaN],
  ["exp", 1000, Infinity],
  ["exp", -1000, 0],
  ["log", 1, 0],
  ["log", 0, -Infinity],
  ["log", -0, -Infinity],
  ["log", -1, NaN],
  ["log", Infinity, Infinity],
  ["log", -Infinity, NaN],
  ["log", NaN, NaN],
  ["cosTurns", 0, 1],
  ["cosTurns", 0.25, 0],
  ["cosTurns", 0.5, -1],
  ["cosTurns", 0.75, 0],
  ["cosTurns", 1, 1],
  ["cosTurns", NaN, NaN],
  ...(["tanh", "erf"] as const).flatMap((name) =>
    [[0, 0], [-0, -0], [100, 1], [-100, -1], [Infinity, 1], [-Infinity, -1], [NaN, NaN]]
      .map(([x = NaN, y = NaN]) => [name, x, y] as const)
  ),
];

for (const [name, x, expected] of SPECIAL) {
  Deno.test(`${name}(${Object.is(x, -0) ? "-0" : x}) is ${expected}, in both precisions`, () => {
    assertEquals(single(name, [x]), [expected]);
    assertEquals(math[name](x), expected);
  });
}

Deno.test("exp() never falls: neighbours keep their order", () => {
  const values = single("exp", grid(-2, 2));
  values.slice(1).forEach((value, i) => assertLessOrEqual(values[i] ?? NaN, value));
});
