import { assertEquals } from "@std/assert";
import { holm } from "../../lib/evaluate/mod.ts";

Deno.test("holm() multiplies the smallest of m p-values by m, the next by m − 1, and never falls", () => {
  // powers of two, so that the products are exact
  assertEquals(holm([1 / 16, 1 / 512, 1 / 64, 1 / 64]), [1 / 16, 4 / 512, 3 / 64, 3 / 64]);
  assertEquals(holm([0.25, 0.375]), [0.5, 0.5]); // 0.375 alone would be below 2 · 0.25
});

Deno.test("holm() does not change a single p-value, and returns none above 1", () => {
  assertEquals(holm([]), []);
  assertEquals(holm([0.03]), [0.03]);
  assertEquals(holm([0.75, 1, 0.5]), [1, 1, 1]);
});

Deno.test("holm() is never above Bonferroni's m p, and never below p", () => {
  const values = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) / 200);
  holm(values).forEach((adjusted, index) => {
    const value = values[index];
    assertEquals([adjusted >= value, adjusted <= Math.min(1, 100 * value)], [true, true]);
  });
});
