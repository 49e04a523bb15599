import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { BINS, countDeadColumns, histogram } from "../../lib/observe/histogram.ts";

/** Counts of which only some are not 0, by their bins. */
function counts(some: Readonly<Record<number, number>>): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: BINS }, (_, bin) => some[bin] ?? 0);
}

Deno.test("histogram() counts numbers in bins of equal width from the smallest to the largest", () => {
  // 64 bins of width 1 from 1 to 65: a number on a border belongs to the bin above, 65 to the last
  const values = Float32Array.of(1, 1.5, 2, 2.75, 33, 64, 64.5, 65);
  assertEquals(histogram(values), {
    low: 1,
    high: 65,
    zeros: 0,
    infinite: 0,
    counts: counts({ 0: 2, 1: 2, 32: 1, 63: 3 }),
  });
});

Deno.test("histogram() counts zeros and non-finite numbers separately", () => {
  const values = Float32Array.of(0, -0, NaN, Infinity, -Infinity, -32, 32, 0);
  assertEquals(histogram(values), {
    low: -32,
    high: 32,
    zeros: 3,
    infinite: 3,
    counts: counts({ 0: 1, 63: 1 }),
  });
});

Deno.test("histogram() has a range of 0 without numbers, and the first bin for equal ones", () => {
  const nothing = { low: 0, high: 0, infinite: 0, counts: counts({}) };
  assertEquals(histogram(new Float32Array()), { ...nothing, zeros: 0 });
  assertEquals(histogram(new Float32Array(5)), { ...nothing, zeros: 5 });
  assertEquals(histogram(new Float32Array(5).fill(-3)), {
    low: -3,
    high: -3,
    zeros: 0,
    infinite: 0,
    counts: counts({ 0: 5 }),
  });
});

Deno.test("histogram() counts every number once, the largest and the smallest included", () => {
  const number = fc.oneof(fc.float(), fc.constantFrom(0, -0, 3.4028234663852886e38, 1e-45, -1e-45));
  fc.assert(fc.property(fc.array(number, { maxLength: 200 }), (numbers) => {
    const values = Float32Array.from(numbers);
    const { low, high, counts, zeros, infinite } = histogram(values);
    const binned = counts.reduce((sum, count) => sum + count, 0);
    assertEquals(binned + zeros + infinite, values.length);
    const rest = values.filter((value) => value !== 0 && Number.isFinite(value)).sort();
    assertEquals([low, high], [rest.at(0) ?? 0, rest.at(-1) ?? 0]);
  }));
});

Deno.test("countDeadColumns() counts the columns that are 0 in every row", () => {
  const rows = Float32Array.of(0, 1, 0, 0, 0, 0, -0, 2);
  assertEquals(countDeadColumns(rows, 4), 2);
  assertEquals(countDeadColumns(Float32Array.of(NaN, 0), 2), 1);
  assertEquals(countDeadColumns(new Float32Array(), 3), 3);
});
