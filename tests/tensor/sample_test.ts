import { assert, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import * as fc from "fast-check";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import {
  bernoulli,
  input,
  key,
  normal,
  normalNoise,
  type RandomStream,
  type Tensor,
  threefry,
  threefryOf,
  uniform,
} from "../../lib/tensor/mod.ts";
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

Deno.test("uniform() is the upper 24 bits of the word of the element's number", () => {
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

Deno.test("normal() draws independent neighbours", () => {
  const values = valuesOf(normal(key(8), [COUNT]));
  const products = values.slice(1).map((x, i) => x * (values[i] ?? 0));
  const mean = products.reduce((sum, product) => sum + product, 0) / products.length;
  // The product of two independent normal numbers has mean 0 and variance 1
  assertLess(Math.abs(mean), 4 / Math.sqrt(COUNT));
});

Deno.test("normal() and uniform() of a shape are those of the vector, in this shape", () => {
  assertEquals(valuesOf(normal(key(9), [3, 4])), valuesOf(normal(key(9), [12])));
  assertEquals(valuesOf(uniform(key(9), [3, 4], 0, 1)), valuesOf(uniform(key(9), [12], 0, 1)));
});

/** Draws for so many samples, from number 0 on, at the first step. */
const drawingFor = (batch: number, name = "drawing") => ({
  drawing: {
    key: key(1, name),
    samples: input("samples", [batch], "integer"),
    step: input("step", [], "integer"),
  },
  at: (samples: readonly number[], step: number) => ({ inputs: { samples, step: [step] } }),
});
const SAMPLES = Array.from({ length: 64 }, (_, index) => index * 977);

for (const units of [1, 2, 3, 4, 6, 8, 257]) {
  Deno.test(`bernoulli() for ${units} units is that of the halves of threefry's words`, () => {
    const { drawing, at } = drawingFor(3);
    const mask = valuesOf(bernoulli(drawing, units, 0.3), at([5, 0, 70_000], 9));
    const served = units % 4 === 0 ? 4 : units % 2 === 0 ? 2 : 1;
    const expected = [5, 0, 70_000].flatMap((sample) => {
      const [low, high] = threefry(drawing.key, sample, 9);
      return Array.from({ length: units }, (_, unit) => {
        const words = threefry(drawing.key, (low + Math.floor(unit / served)) >>> 0, high);
        const [place, word = 0] = [unit % served, words[unit % served < 2 ? 0 : 1]];
        const half = place % 2 === 0 ? word & 0xffff : word >>> 16;
        return half < 0.3 * 2 ** 16 ? -1 : 0;
      });
    });
    assertEquals(mask, expected);
  });
}

Deno.test("bernoulli() sets its fraction of the mask, in every row and column alike", () => {
  const { drawing, at } = drawingFor(64);
  for (const probability of [0, 0.25, 0.8, 1]) {
    const mask = valuesOf(bernoulli(drawing, 128, probability), at(SAMPLES, 1));
    const count = (of: (index: number) => boolean) =>
      mask.filter((set, index) => set !== 0 && of(index)).length;
    const within = (set: number, draws: number) => {
      // Five standard deviations: some 200 shares are looked at, and the key is fixed
      const spread = Math.sqrt(draws * probability * (1 - probability));
      assert(Math.abs(set - probability * draws) <= 5 * spread, `${set} of ${draws}`);
    };
    within(count(() => true), 64 * 128);
    for (let row = 0; row < 64; row++) within(count((i) => Math.floor(i / 128) === row), 128);
    for (let column = 0; column < 128; column++) within(count((i) => i % 128 === column), 64);
  }
});

Deno.test("bernoulli() and normalNoise() draw by sample, step and key, not by row", () => {
  const { drawing, at } = drawingFor(64);
  const rows = (tensor: Tensor, samples: readonly number[], step: number) => {
    const values = valuesOf(tensor, at(samples, step));
    return Array.from({ length: 64 }, (_, row) => values.slice(8 * row, 8 * row + 8));
  };
  for (
    const draw of [
      (d: RandomStream) => bernoulli(d, 8, 0.5),
      (d: RandomStream) => normalNoise(d, 8),
    ]
  ) {
    const forwards = rows(draw(drawing), SAMPLES, 3);
    assertEquals(rows(draw(drawing), SAMPLES.toReversed(), 3), forwards.toReversed());
    assertNotEquals(rows(draw(drawing), SAMPLES, 4), forwards);
    assertNotEquals(rows(draw(drawingFor(64, "another").drawing), SAMPLES, 3), forwards);
  }
});

Deno.test("normalNoise() draws normal numbers: mean 0, variance 1, fourth moment 3", () => {
  const { drawing, at } = drawingFor(64);
  const values = valuesOf(normalNoise(drawing, 301), at(SAMPLES, 2));
  const moment = (of: (x: number) => number) =>
    values.reduce((sum, x) => sum + of(x), 0) / values.length;
  // Four standard deviations: the variances of x, x² and x⁴ are 1, 3 − 1 and 105 − 9
  const error = (variance: number) => 4 * Math.sqrt(variance / values.length);
  assertLess(Math.abs(moment((x) => x)), error(1));
  assertLess(Math.abs(moment((x) => x * x) - 1), error(2));
  assertLess(Math.abs(moment((x) => x * x * x * x) - 3), error(96));
});
