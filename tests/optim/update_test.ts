/** Clipping and regularization: the equations, number by number. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { clipGradient } from "../../lib/optim/clip.ts";
import { oneGroup } from "../../lib/optim/parameter_groups.ts";
import { addPenalties, applyMaxNorm, applyWeightDecay } from "../../lib/optim/regularize.ts";
import { input } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";
import { NETWORK } from "../train/fixtures.ts";

const g = input("g", [2]);
const h = input("h", [1]);
const p = input("p", [3]);

/** The numbers of some vectors. */
function numbers(
  vectors: readonly ReturnType<typeof input>[],
  inputs: Readonly<Record<string, readonly number[]>>,
): readonly number[] {
  return vectors.flatMap((vector) => [...valuesOf(vector, { inputs })]);
}

Deno.test("clipGradient() does not change a gradient within its limits, and returns the same nodes without limits", () => {
  assertEquals(clipGradient([g, h], {}), [g, h]);
  const within = clipGradient([g, h], { norm: 3, value: 2 });
  assertEquals(numbers(within, { g: [1, -2], h: [2] }), [1, -2, 2]);
});

Deno.test("clipGradient() limits each element by value", () => {
  const limited = clipGradient([g, h], { value: 0.5 });
  assertEquals(numbers(limited, { g: [0.25, -2], h: [7] }), [0.25, -0.5, 0.5]);
});

Deno.test("clipGradient() scales the gradient of all groups to the norm, after elements are limited", () => {
  const inputs = { g: [3, 4], h: [12] }; // of length 13
  assertEquals(numbers(clipGradient([g, h], { norm: 6.5 }), inputs), [1.5, 2, 6]);
  const both = clipGradient([g, h], { norm: 2.5, value: 4 }); // 3, 4, 4: of length √41
  const expected = [3, 4, 4].map((x) => x * 2.5 / Math.sqrt(41));
  // A root, a quotient, a product, and a sum of three squares
  numbers(both, inputs).forEach((x, i) =>
    assertAlmostEquals(x, expected[i] ?? NaN, 8 * UNIT_ROUNDOFF * 4)
  );
});

Deno.test("addPenalties() adds the derivatives of both penalties; that of |p| is 0 at 0", () => {
  const of = (regularization: Parameters<typeof addPenalties>[2]) =>
    numbers([addPenalties(input("d", [3]), p, regularization)], { d: [1, 1, 1], p: [-4, 0, 2] });
  assertEquals(of({}), [1, 1, 1]);
  assertEquals(of({ l2: 0.5 }), [-1, 1, 2]);
  assertEquals(of({ l1: 0.25 }), [0.75, 1, 1.25]);
  assertEquals(of({ l1: 0.25, l2: 0.5 }), [-1.25, 1, 2.25]);
});

Deno.test("applyWeightDecay() subtracts rate times decay, whatever the gradient", () => {
  const rate = input("rate", []);
  const after = applyWeightDecay(p, rate, { weightDecay: 0.5 });
  assertEquals(numbers([after], { p: [-4, 0, 2], rate: [0.25] }), [-3.5, 0, 1.75]);
  assertEquals(applyWeightDecay(p, rate, {}), p);
});

Deno.test("applyMaxNorm() scales the weights into a unit, and nothing else", () => {
  const [group] = oneGroup(NETWORK);
  const vector = Array.from({ length: 39 }, (_, i) => i < 20 ? (i % 4 === 1 ? 4 : 0.5) : 9);
  // dense1.weight [5, 4]: its column 1 has the length √80; dense2.weight [4, 3] columns of 18
  const after = numbers([applyMaxNorm(group, input("v", [39]), { maxNorm: 9 })], { v: vector });
  assertEquals(after.slice(0, 24), vector.slice(0, 24));
  assertEquals(after.slice(24, 36), Array(12).fill(4.5));
  assertEquals(after.slice(36), [9, 9, 9]);
});
