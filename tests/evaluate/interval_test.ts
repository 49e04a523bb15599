import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { wilsonInterval } from "../../lib/evaluate/mod.ts";

Deno.test("wilsonInterval() equals a hand computation", () => {
  // p = 0.5, n = 10, z² = 3.841458821: (0.5 + 0.19207) ∓ 1.959964 √(0.025 + 0.00960365), over 1.384146
  const [low, high] = wilsonInterval(5, 10) ?? [NaN, NaN];
  assertAlmostEquals(low, 0.236593, 1e-6); // the hand computation has 6 decimals
  assertAlmostEquals(high, 0.763407, 1e-6);
});

Deno.test("wilsonInterval() is 0.25 to 0.49 % for 35 errors in 10,000 images", () => {
  const [low, high] = wilsonInterval(35, 10_000) ?? [NaN, NaN];
  assertEquals([(low * 100).toFixed(2), (high * 100).toFixed(2)], ["0.25", "0.49"]);
});

Deno.test("wilsonInterval() is not a point if all or none succeed", () => {
  const [, high] = wilsonInterval(0, 20) ?? [NaN, NaN];
  assertEquals(wilsonInterval(0, 20)?.[0], 0);
  assertEquals(wilsonInterval(20, 20)?.[1], 1);
  assertAlmostEquals(high, 3.841458821 / 23.841458821, 1e-9); // z² / (n + z²)
});

Deno.test("wilsonInterval() contains the proportion, is symmetric, and narrows with more trials", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1 }), (n, share) => {
      const successes = Math.round(n * (Number.isNaN(share) ? 0 : share));
      const [low, high] = wilsonInterval(successes, n) ?? [NaN, NaN];
      const [mirroredLow, mirroredHigh] = wilsonInterval(n - successes, n) ?? [NaN, NaN];
      const [lowOfMore, highOfMore] = wilsonInterval(4 * successes, 4 * n) ?? [NaN, NaN];
      assertEquals(low >= 0 && low <= successes / n && successes / n <= high && high <= 1, true);
      assertAlmostEquals(mirroredLow, 1 - high, 1e-12); // a dozen roundings of numbers below 1
      assertAlmostEquals(mirroredHigh, 1 - low, 1e-12);
      assertEquals(highOfMore - lowOfMore < high - low, true);
    }),
    { seed: 7, numRuns: 200 },
  );
});

Deno.test("wilsonInterval() is null without trials, and rejects numbers that are not counts", () => {
  assertEquals(wilsonInterval(0, 0), null);
  for (const [successes, trials] of [[3, 2], [-1, 2], [0.5, 2], [NaN, 2]] as const) {
    assertThrows(() => wilsonInterval(successes, trials), RangeError, "Cannot compute an interval");
  }
});
