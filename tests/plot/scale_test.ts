import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
// @ts-types="npm:@types/d3-array@3.2.2"
import { ticks as d3Ticks } from "d3-array";
import { extent, linearScale, linearTicks, logScale, logTicks } from "../../lib/plot/mod.ts";

const values = (ticks: readonly { readonly value: number }[]) => ticks.map(({ value }) => value);
const labels = (ticks: readonly { readonly label: string }[]) => ticks.map(({ label }) => label);

Deno.test("linearTicks() are round numbers with the decimals of their step", () => {
  assertEquals(values(linearTicks(0, 1, 5)), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(labels(linearTicks(0, 1, 5)), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  assertEquals(labels(linearTicks(-1, 1, 2)), ["−1", "0", "1"]);
  assertEquals(labels(linearTicks(0, 0.002, 4)), [
    "0.0000",
    "0.0005",
    "0.0010",
    "0.0015",
    "0.0020",
  ]);
  assertEquals(labels(linearTicks(0, 10, 6)), ["0", "2", "4", "6", "8", "10"]);
  assertEquals(labels(linearTicks(7, 7, 5)), ["7"]);
});

Deno.test("linearTicks() equal those of d3", () => {
  const whole = fc.integer({ min: -100_000, max: 100_000 });
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 2, max: 12 }), (a, b, count) => {
      const low = Math.min(a, b) / 64;
      const high = Math.max(a, b) / 64;
      assertEquals(
        values(linearTicks(low, high, count)),
        d3Ticks(low, high, count).map((t) => t + 0),
      );
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("logTicks() are powers of ten, with 2 and 5 times them if there are few", () => {
  assertEquals(values(logTicks(0.02, 2)), [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2]);
  assertEquals(labels(logTicks(1e-6, 1e-2)), ["10⁻⁶", "10⁻⁵", "0.0001", "0.001", "0.01"]);
  assertEquals(logTicks(1e-30, 1).length <= 8, true);
});

Deno.test("ticks reject domains that no axis can show", () => {
  assertThrows(() => linearTicks(1, 0, 5), RangeError, "expected finite low <= high");
  assertThrows(() => linearTicks(0, NaN, 5), RangeError, "expected finite low <= high");
  assertThrows(() => logTicks(0, 1), RangeError, "expected low > 0");
});

Deno.test("linearScale() maps the domain, widened to the next ticks, onto the range", () => {
  const scale = linearScale({ domain: [0.13, 9.2], range: [100, 0] });
  assertEquals(scale.domain, [0, 10]);
  assertEquals([0, 2.5, 10].map(scale.at), [100, 75, 0]);
  assert(Number.isNaN(scale.at(Infinity)) && Number.isNaN(scale.at(NaN)));
});

Deno.test("scales end at a tick that single precision misses by its rounding", () => {
  const range = [0, 1] as const;
  assertEquals(linearScale({ domain: [0, Math.fround(0.002)], range }).domain, [0, 0.002]);
  assertEquals(linearScale({ domain: [Math.fround(-0.2), 0], range }).domain, [-0.2, 0]);
  assertEquals(linearScale({ domain: [0, 0.0021], range }).domain, [0, 0.0025]);
  const ratios = [Math.fround(0.01), Math.fround(0.2)] as const;
  assertEquals(logScale({ domain: ratios, range }).domain, [0.01, 0.2]);
});

Deno.test("linearScale() maps equal ends of a domain to a position", () => {
  assertEquals(linearScale({ domain: [3, 3], range: [0, 60] }).at(3), 30);
  assertEquals(linearScale({ domain: [0, 0], range: [0, 60] }).at(0), 0);
});

Deno.test("logScale() maps equal ratios to equal distances, and zero to no position", () => {
  const scale = logScale({ domain: [0.01, 100], range: [0, 400] });
  assertEquals(scale.domain, [0.01, 100]);
  [0.01, 0.1, 1, 10, 100].forEach((value, index) =>
    assertAlmostEquals(scale.at(value), 100 * index, 1e-10) // 400 × a few roundings of 1e-16
  );
  assert(Number.isNaN(scale.at(0)) && Number.isNaN(scale.at(-1)));
  assertThrows(() => logScale({ domain: [0, 1], range: [0, 1] }), RangeError, "positive domain");
});

Deno.test("extent() ignores numbers that are not finite", () => {
  assertEquals(extent([3, NaN, -2, Infinity]), [-2, 3]);
  assertEquals(extent([NaN]), undefined);
});
