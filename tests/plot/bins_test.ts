import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { binned } from "../../lib/plot/mod.ts";

Deno.test("binned() has round edges and counts each value once, the largest in the last bin", () => {
  const { edges, counts } = binned([0, 0.1, 0.2, 0.39, 1, NaN, null], { count: 5 });
  assertEquals(edges, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assertEquals(counts, [2, 2, 0, 0, 1]);
});

Deno.test("binned() counts every finite value of any data", () => {
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(values, (values) => {
      const { edges, counts } = binned(values);
      assertEquals(Array.from(counts).reduce((sum, count) => sum + count, 0), values.length);
      assertEquals(edges.length, counts.length + 1);
    }),
    { seed: 9, numRuns: 200 },
  );
});

Deno.test("binned() uses as many bins as Sturges' rule, up to the rounding of edges", () => {
  // ⌈log₂ 64⌉ + 1 = 7 bins of 63 / 7 = 9, rounded to 10
  assertEquals(binned(Array.from({ length: 64 }, (_, i) => i)).edges, [
    0,
    10,
    20,
    30,
    40,
    50,
    60,
    70,
  ]);
});

Deno.test("binned() omits values outside its domain, and has no bins without values", () => {
  assertEquals(binned([-1, 0.5, 2], { domain: [0, 1], count: 2 }), {
    edges: [0, 0.5, 1],
    counts: [0, 1],
  });
  assertEquals(binned([NaN, null]), { edges: [0], counts: [] });
  assertThrows(() => binned([1], { domain: [1, 0] }), RangeError, "expected finite low <= high");
});

Deno.test("binned() puts equal values into bins around them", () => {
  for (const value of [0, 3, -0.002]) {
    const { edges, counts } = binned([value, value]);
    assertEquals(Array.from(counts).reduce((sum, count) => sum + count, 0), 2);
    assertEquals(
      edges[0] <= value && value <= edges[edges.length - 1],
      true,
    );
  }
});
