import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { constantInitializer, dense, maxout, orthogonal } from "../../lib/nn/mod.ts";
import { key, matmul, mul, type Shape, transpose } from "../../lib/tensor/mod.ts";
import { computed } from "../engine/bits.ts";
import { valuesOf } from "../numbers.ts";

const fans = { fanIn: 1, fanOut: 1 };

/** Distance of the products of all columns (or rows, if there are fewer) from gain² I, in doubles. */
function distance(weights: ArrayLike<number>, [rows, columns]: Shape, gain: number): number {
  const [m = 0, n = 0] = [rows, columns];
  const tall = m >= n;
  const at = (i: number, j: number) => weights[tall ? i * n + j : j * n + i] ?? NaN;
  const [length, count] = tall ? [m, n] : [n, m];
  let worst = 0;
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < count; b++) {
      let product = 0;
      for (let i = 0; i < length; i++) product += at(i, a) * at(i, b);
      worst = Math.max(worst, Math.abs(product - (a === b ? gain * gain : 0)));
    }
  }
  return worst;
}

const SHAPES: readonly Shape[] = [[1, 1], [7, 1], [1, 7], [64, 64], [150, 20], [20, 150], [65, 64]];

for (const shape of SHAPES) {
  Deno.test(`orthogonal() makes [${shape.join(", ")}] with W transposed times W = gain² I`, () => {
    const gain = 1.5;
    const longest = Math.max(...shape);
    for (let seed = 0; seed < 20; seed++) {
      const weights = orthogonal({ gain })(key(seed), shape, fans);
      const values = computed({ outputs: { weights } })["out:weights"] ?? [];
      // A column of the last step's result is X times one of ½ (3 I − Xᵀ X), which is almost one of I:
      // sums of m terms in either product, each wrong by m u of |x|ᵀ |x| ≤ 1 at most, enter Xᵀ X twice;
      // u = 2⁻²⁴. What the iteration leaves is below one more u.
      const bound = 4 * (longest + 2) * 2 ** -24 * gain * gain;
      assertLessOrEqual(distance(values, shape, gain), bound, `seed ${seed}`);
    }
  });
}

Deno.test("orthogonal() of one number is the gain with a random sign", () => {
  const draws = Array.from(
    { length: 40 },
    (_, seed) => valuesOf(orthogonal({ gain: 2 })(key(seed), [1, 1], fans), {}, "f32"),
  ).flat();
  assertEquals(new Set(draws.map(Math.sign)), new Set([1, -1]));
  // Roundings of the last step: of the square, the difference, two products and the gain
  for (const draw of draws) assertLessOrEqual(Math.abs(Math.abs(draw) - 2), 2 * 5 * 2 ** -24);
});

Deno.test("orthogonal() of more columns than rows is the transpose of the other shape", () => {
  const wide = orthogonal()(key(3), [4, 9], fans);
  const tall = orthogonal()(key(3), [9, 4], fans);
  assertEquals(valuesOf(wide, {}, "f32"), valuesOf(transpose(tall), {}, "f32"));
});

Deno.test("orthogonal() keeps the norm of vectors that it multiplies", () => {
  const square = orthogonal()(key(5), [30, 30], fans);
  const row = orthogonal()(key(6), [1, 30], fans);
  const image = valuesOf(matmul(row, square));
  const length = image.reduce((sum, value) => sum + value * value, 0);
  // In double precision only what the iteration leaves is wrong: 2⁻²⁴ of each of two lengths
  assertLessOrEqual(Math.abs(length - 1), 2 * 2 * 2 ** -24);
});

Deno.test("orthogonal() rejects shapes that are not matrices", () => {
  const wrong = () => orthogonal()(key(1), [3], fans);
  assertThrows(wrong, TypeError, "expected the shape of a matrix: received [3]");
});

Deno.test("constantInitializer() gives its number, whatever the key", () => {
  const values = constantInitializer({ value: 0.5 })(key(1), [2, 2], fans);
  assertEquals(valuesOf(values), [0.5, 0.5, 0.5, 0.5]);
  assertEquals(valuesOf(mul(values, 2)), [1, 1, 1, 1]);
});

Deno.test("dense() and maxout() initialize their biases to 0, or to `initialBias`", () => {
  for (const make of [dense, maxout]) {
    for (const [initialBias, expected] of [[undefined, 0], [0.1, 0.1]] as const) {
      const [, bias] = make({ units: 2, initialBias }).parameters(3);
      const drawn = bias?.initializer(key(1), bias.shape, bias.fans);
      assertEquals(new Set(drawn && valuesOf(drawn)), new Set([expected]));
    }
  }
});
