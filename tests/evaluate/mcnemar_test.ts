import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { chiSquaredTail } from "../../lib/evaluate/significance/chi_squared.ts";
import { discordant, mcnemar } from "../../lib/evaluate/mod.ts";
import { ANALYSIS, assertRelative } from "./fixtures.ts";

Deno.test("mcnemar() equals SciPy's statistic and p-value", () => {
  for (const [onlyFirst = NaN, onlySecond = NaN, statistic, pValue = NaN] of ANALYSIS.mcnemar) {
    const found = mcnemar({ onlyFirst, onlySecond });
    assertEquals(found.statistic, statistic); // a quotient of the same whole numbers
    assertEquals(found.method, onlyFirst + onlySecond < 25 ? "exact" : "chi-squared");
    if (found.method === "exact") assertAlmostEquals(found.pValue, pValue, 1e-15);
    else assertRelative(found.pValue, pValue, 1e-11); // SciPy's own error in the far tail
  }
});

Deno.test("mcnemar() is exact for few samples: whole numbers over a power of two", () => {
  assertEquals(mcnemar({ onlyFirst: 5, onlySecond: 0 }).pValue, 2 / 32);
  assertEquals(mcnemar({ onlyFirst: 1, onlySecond: 7 }).pValue, 2 * (1 + 8) / 256);
  assertEquals(mcnemar({ onlyFirst: 24, onlySecond: 0 }).pValue, 2 / 2 ** 24);
  assertEquals(mcnemar({ onlyFirst: 3, onlySecond: 3 }).pValue, 1);
  assertEquals(mcnemar({ onlyFirst: 0, onlySecond: 0 }).pValue, 1);
});

Deno.test("mcnemar() does not depend on the order of the networks", () => {
  const one = mcnemar({ onlyFirst: 40, onlySecond: 70 });
  const other = mcnemar({ onlyFirst: 70, onlySecond: 40 });
  assertEquals([other.statistic, other.pValue], [one.statistic, one.pValue]);
});

Deno.test("discordant() counts samples that only one network classifies correctly", () => {
  const labels = Uint16Array.from([0, 1, 2, 0, 1, 2, 0]);
  const first = Uint16Array.from([0, 1, 2, 1, 0, 0, 0]);
  const second = Uint16Array.from([0, 0, 0, 0, 0, 1, 1]);
  assertEquals(discordant(labels, first, second), { onlyFirst: 3, onlySecond: 1 });
  const short = second.slice(1);
  assertThrows(() => discordant(labels, first, short), TypeError, "expected 7 predictions");
});

Deno.test("mcnemar() rejects numbers that are not counts", () => {
  for (const wrong of [-1, 0.5, NaN]) {
    assertThrows(() => mcnemar({ onlyFirst: wrong, onlySecond: 1 }), RangeError, `${wrong}`);
    assertThrows(() => mcnemar({ onlyFirst: 1, onlySecond: wrong }), RangeError, `${wrong}`);
  }
});

Deno.test("chiSquaredTail() has a relative error of at most 1e-13, and falls to 0", () => {
  for (const [x = NaN, expected = NaN] of ANALYSIS.tails) {
    // 1 − erf(√2) = 0.05 has 5e-15 of roundings, e^(−700) 700 times those of its argument
    assertRelative(chiSquaredTail(x), expected, 1e-13);
  }
  assertEquals(chiSquaredTail(0), 1);
  assertEquals(chiSquaredTail(1e9), 0);
  assertThrows(() => chiSquaredTail(-1), RangeError, "received -1");
});
