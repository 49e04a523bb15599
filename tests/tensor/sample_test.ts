import { assert, assertEquals, assertLess } from "@std/assert";
import * as fc from "fast-check";
import { evaluate } from "../../lib/engine/reference.ts";
import { input, key, normal, threefry, threefryOf, uniform } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const WORD = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const COUNT = 20_000;

Deno.test("threefryOf() equals threefry() bit for bit, for every key and counter", () => {
  const [low, high] = [input("low", [8], "integer"), input("high", [8], "integer")];
  const eight = fc.array(WORD, { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(WORD, WORD, eight, eight, (k0, k1, lows, highs) => {
      const signed = (words: readonly number[]) => words.map((word) => word | 0);
      const bindings = { inputs: { low: signed(lows), high: signed(highs) } };
      const [a, b] = evaluate([...threefryOf([k0, k1], low, high)], bindings)
        .map((words) => [...words].map((word) => word >>> 0));
      const expected = lows.map((word, i) => threefry([k0, k1], word, highs[i] ?? 0));
      assertEquals(a, expected.map(([first]) => first));
      assertEquals(b, expected.map(([, second]) => second));
    }),
    { seed: 42, numRuns: 50 },
  );
});

Deno.test("uniform() is the upper 24 bits of the word that the element's number leads to", () => {
  const values = valuesOf(uniform(key(5), [4, 3], -1, 3));
  const words = Array.from({ length: 12 }, (_, index) => threefry(key(5), index, 0)[0] >>> 8);
  assertEquals(values, words.map((word) => word * 2 ** -24 * 4 - 1));
});

Deno.test("uniform() fills its interval evenly", () => {
  const values = valuesOf(uniform(key(6), [COUNT], -2, 2), {}, "f32");
  assert(values.every((x) => -2 <= x && x < 2));
  for (const bound of [-1.5, -1, 0, 1, 1.5]) {
    const share = (bound + 2) / 4;
    const below = values.filter((x) => x < bound).length / COUNT;
    // four standard deviations of a share of so many draws
    assertLess(Math.abs(below - share), 4 * Math.sqrt(share * (1 - share) / COUNT));
  }
});

Deno.test("normal() has the distribution function of the normal distribution", () => {
  const values = valuesOf(normal(key(7), [COUNT]), {}, "f32");
  assert(values.every(Number.isFinite));
  // Φ at whole numbers, from tables
  const table = [[-2, 0.02275], [-1, 0.15866], [0, 0.5], [1, 0.84134], [2, 0.97725]] as const;
  for (const [bound, share] of table) {
    const below = values.filter((x) => x < bound).length / COUNT;
    assertLess(Math.abs(below - share), 4 * Math.sqrt(share * (1 - share) / COUNT), `${bound}`);
  }
});

Deno.test("normal() draws neighbours that do not depend on each other", () => {
  const values = valuesOf(normal(key(8), [COUNT]));
  const products = values.slice(1).map((x, i) => x * (values[i] ?? 0));
  const mean = products.reduce((sum, product) => sum + product, 0) / products.length;
  // The product of two independent normal numbers has mean 0 and variance 1
  assertLess(Math.abs(mean), 4 / Math.sqrt(COUNT));
});

Deno.test("normal() and uniform() of a shape are those of the vector, seen in that shape", () => {
  assertEquals(valuesOf(normal(key(9), [3, 4])), valuesOf(normal(key(9), [12])));
  assertEquals(valuesOf(uniform(key(9), [3, 4], 0, 1)), valuesOf(uniform(key(9), [12], 0, 1)));
});
