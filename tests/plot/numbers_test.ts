import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  floorLog10,
  formatCoordinate,
  log10,
  multipleOfPowerOfTen,
} from "../../lib/plot/numbers.ts";

Deno.test("coordinate() rounds to 2 decimals and returns no −0", () => {
  assertEquals([1 / 3, -0.001, -0, 2, 1e-9, -1.005].map(formatCoordinate), [
    "0.33",
    "0",
    "0",
    "2",
    "0",
    "-1",
  ]);
  assertThrows(() => formatCoordinate(NaN), RangeError, "received NaN");
});

Deno.test("log10() agrees with Math.log10 to a few units in the last place", () => {
  const positive = fc.double({ min: 5e-324, max: 1.7e308, noNaN: true });
  fc.assert(
    fc.property(positive, (value) => {
      const expected = Math.log10(value);
      // a dozen roundings of 1.1e-16 each, of a sum as large as the result or 1
      assertAlmostEquals(log10(value), expected, 1.5e-15 * Math.max(1, Math.abs(expected)));
    }),
    { seed: 1, numRuns: 500 },
  );
});

Deno.test("log10() rejects numbers without a logarithm", () => {
  for (const value of [0, -1, Infinity, NaN]) {
    assertThrows(() => log10(value), RangeError, "Cannot take a logarithm");
  }
});

Deno.test("floorLog10() and decimal() are exact around powers of ten", () => {
  for (let exponent = -300; exponent <= 300; exponent += 7) {
    const power = multipleOfPowerOfTen(1, exponent);
    assertEquals(floorLog10(power), exponent);
    assertEquals(floorLog10(power * (1 - Number.EPSILON)), exponent - 1);
  }
});
