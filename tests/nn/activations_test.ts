import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  elu,
  gelu,
  type Layer,
  leakyRelu,
  sigmoid,
  silu,
  softplus,
  tanh,
} from "../../lib/nn/mod.ts";
import { input } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

const context = { state: {}, training: undefined };
const POINTS = [-1e4, -1000, -1, -0, 0, 1e-20, 1, 1000, 1e4];
const x = input("x", [1, POINTS.length]);
const dy = input("dy", [1, POINTS.length]);
const bindings = { inputs: { x: POINTS, dy: POINTS.map(() => 1) } };

/** Value and derivative far to the left, and derivative far to the right, where the value is y(x). */
const LIMITS: readonly (readonly [string, Layer, number | undefined, number, number])[] = [
  ["leakyRelu", leakyRelu({ slope: 0.25 }), undefined, 0.25, 1],
  ["elu", elu({ alpha: 2 }), -2, 0, 1],
  ["gelu", gelu(), 0, 0, 1],
  ["gelu, approximated", gelu({ approximate: "tanh" }), 0, 0, 1],
  ["silu", silu(), 0, 0, 1],
  ["tanh", tanh(), -1, 0, 0],
  ["sigmoid", sigmoid(), 0, 0, 0],
  ["softplus", softplus({ beta: 2 }), 0, 0, 1],
];

for (const [name, layer, left, leftSlope, rightSlope] of LIMITS) {
  Deno.test(`${name} neither overflows nor loses its limits, in both precisions`, () => {
    const { y } = layer.forward({}, x, context);
    const { dx } = layer.backward({}, x, dy, context);
    for (const precision of ["f32", "f64"] as const) {
      const values = valuesOf(y, bindings, precision);
      const slopes = valuesOf(dx, bindings, precision);
      assert([...values, ...slopes].every(Number.isFinite));
      const sameZero = (value: number | undefined) => value === 0 ? 0 : value;
      if (left !== undefined) assertEquals(values.slice(0, 2).map(sameZero), [left, left]);
      assertEquals(slopes.slice(0, 2).map(sameZero), [leftSlope, leftSlope]);
      assertEquals(slopes.slice(-2), [rightSlope, rightSlope]);
      const right = rightSlope === 1 ? [1000, 1e4] : [1, 1];
      assertEquals(values.slice(-2), right);
    }
  });
}

Deno.test("gelu() is x times the normal distribution, whose value at 1 is 0.8413447460685429", () => {
  const one = input("x", [1, 1]);
  const at = { inputs: { x: [1] } };
  const [exact] = valuesOf(gelu().forward({}, one, context).y, at);
  assertAlmostEquals(exact, 0.8413447460685429, 4 * UNIT_ROUNDOFF);
  const [near] = valuesOf(gelu({ approximate: "tanh" }).forward({}, one, context).y, at);
  assertAlmostEquals(near, 0.8413447460685429, 4.8e-4); // the largest distance there is
});

Deno.test("activations propagate NaN", () => {
  for (const [name, layer] of LIMITS) {
    const { y } = layer.forward({}, input("x", [1, 1]), context);
    assertEquals(valuesOf(y, { inputs: { x: [NaN] } }, "f32"), [NaN], name);
  }
});
