import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Samples, Split } from "../../lib/data/dataset.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";

/** Some rows of samples [rows, features]. */
function split(values: Samples["values"], features: number, rows: readonly number[]): Split {
  const count = values.length / features;
  const samples = { count, shape: [features], values, labels: new Uint16Array(count) };
  return { samples, rows: Uint32Array.from(rows) };
}

const unit = normalizations.create({ name: "unit" });
const byFeature = normalizations.create({ name: "standardize", per: "feature" });
const overAll = normalizations.create({ name: "standardize", per: "all" });

// rows 0, 1 and 3 are the training split: features (0, 5), (3, 5), (6, 5)
const BYTES = split(Uint8Array.of(0, 5, 3, 5, 255, 255, 6, 5), 2, [0, 1, 3]);
const FLOATS = split(Float32Array.of(0, 5, 3, 5, 1e9, -1e9, 6, 5), 2, [0, 1, 3]);

Deno.test("unit maps bytes by the range of their type, and other numbers by the range of the training split", () => {
  assertEquals(unit(BYTES), { name: "unit", shift: 0, scale: 1 / 255 });
  assertEquals(unit(FLOATS), { name: "unit", shift: 0, scale: 1 / 6 });
  const shifted = split(Float32Array.of(-2, 2, 0, 1), 2, [0, 1]);
  assertEquals(unit(shifted), { name: "unit", shift: -2, scale: 1 / 4 });
});

Deno.test("unit and standardize have the scale 1 for features that never change", () => {
  // 0.1 is no sum of few powers of two: a thousand of them must still average to itself
  const same = split(new Float32Array(1000).fill(0.1), 1, [...new Array(1000).keys()]);
  const shift = Math.fround(0.1);
  assertEquals(unit(same), { name: "unit", shift, scale: 1 });
  assertEquals(overAll(same), { name: "standardize", shift, scale: 1 });
  assertEquals(byFeature(same), {
    name: "standardize",
    shift: Float32Array.of(shift),
    scale: Float32Array.of(1),
  });
});

Deno.test("unit and standardize have the scale 1 if its inverse overflows 32 bits", () => {
  // 1e-45 is the smallest 32-bit number above 0; the inverse of 3e-39 is one of the largest
  const tiny = split(Float32Array.of(0, 0, 4, 2e-45), 2, [0, 1]);
  const { scale } = byFeature(tiny);
  assertEquals(scale, Float32Array.of(1 / 2, 1));
  const alone = split(Float32Array.of(0, 1e-44), 1, [0, 1]);
  assertEquals([overAll(alone).scale, unit(alone).scale], [1, 1]);
  const near = split(Float32Array.of(0, 1e-38), 1, [0, 1]);
  assertAlmostEquals(unit(near).scale as number, 1e38, 1e32);
});

Deno.test("standardize computes mean and deviation of each feature of the training split", () => {
  // feature 0: 0, 3, 6, mean 3, variance (9 + 0 + 9) / 3 = 6; feature 1 never changes
  const expected = {
    name: "standardize",
    shift: Float32Array.of(3, 5),
    scale: Float32Array.of(1 / Math.sqrt(6), 1),
  };
  assertEquals(byFeature(BYTES), expected);
  assertEquals(byFeature(FLOATS), expected);
});

Deno.test("standardize over all features shares one mean and deviation", () => {
  // 0, 5, 3, 5, 6, 5: mean 24 / 6 = 4, variance (16 + 1 + 1 + 1 + 4 + 1) / 6 = 4
  assertEquals(overAll(BYTES), { name: "standardize", shift: 4, scale: 1 / 2 });
  assertEquals(overAll(FLOATS), { name: "standardize", shift: 4, scale: 1 / 2 });
});

Deno.test("standardize loses no digits if the mean is large", () => {
  // 10⁶ ± 0.5, exact in 32 bits: variance 1/4. Mean of squares less square of mean would round at
  // 10¹² · 2⁻⁵³ ≈ 10⁻⁴ and more with each row
  const values = Float32Array.from({ length: 1000 }, (_, row) => 1e6 + (row % 2) - 0.5);
  const { shift, scale } = overAll(split(values, 1, [...values.keys()]));
  assertEquals([shift, scale], [1e6, 2]);
});

Deno.test("standardize gives every feature that varies the mean 0 and the variance 1", () => {
  const rows = fc.array(fc.tuple(fc.nat(255), fc.nat(255)), { minLength: 2, maxLength: 50 });
  fc.assert(
    fc.property(rows, (rows) => {
      const train = split(Uint8Array.from(rows.flat()), 2, [...rows.keys()]);
      const { shift, scale } = byFeature(train) as {
        readonly shift: Float32Array;
        readonly scale: Float32Array;
      };
      for (const feature of [0, 1] as const) {
        const [m, s] = [shift[feature], scale[feature]];
        const y = rows.map((row) => (row[feature] - m) * s);
        const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
        const square = y.reduce((sum, value) => sum + value * value, 0) / y.length;
        const changes = new Set(rows.map((row) => row[feature])).size > 1;
        // shift and scale are rounded to 32 bits: shift is off by at most 255 · 2⁻²⁴ and scale is
        // at most √50 (one of 50 values differs, by 1), with a relative error of 2⁻²⁴
        const bound = 255 * 2 ** -24 * Math.sqrt(50) * 1.1;
        assertAlmostEquals(mean, 0, bound);
        assertAlmostEquals(square, changes ? 1 : 0, 3 * bound);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
});

Deno.test("none leaves features as they are", () => {
  const none = normalizations.create({ name: "none" });
  assertEquals(none(BYTES), { name: "none", shift: 0, scale: 1 });
});

Deno.test("no normalization depends on samples outside the training split or changes its argument", () => {
  for (const [name, { options, create }] of normalizations) {
    const make = create as (options: unknown) => ReturnType<typeof create>;
    const normalize = make(options.parse({}));
    for (const given of [BYTES, FLOATS]) {
      const others = {
        ...given,
        samples: { ...given.samples, values: given.samples.values.slice() },
      };
      others.samples.values.fill(77, 4, 6); // row 2 is not in the split
      const before = given.samples.values.slice();
      assertEquals(normalize(others), normalize(given), name);
      assertEquals(given.samples.values, before, name);
    }
  }
});
