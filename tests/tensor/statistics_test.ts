import { assertEquals } from "@std/assert";
import { mean, median, quantile, spreadOf, sum } from "../../lib/tensor/math/statistics.ts";

Deno.test("spreadOf() is the mean and the standard deviation of a sample", () => {
  // squares of −3, −1, 1, 3 add up to 20; divided by 4 − 1
  assertEquals(spreadOf([2, 4, 6, 8]), { mean: 5, deviation: Math.sqrt(20 / 3) });
  assertEquals(spreadOf([0.75]), { mean: 0.75 });
  assertEquals(spreadOf([]), undefined);
});

Deno.test("sum() and mean() add in the given order", () => {
  assertEquals(sum([1, 1e16, -1e16]), 0);
  assertEquals(sum([1e16, -1e16, 1]), 1);
  assertEquals(mean(Float64Array.of(1, 2, 6)), 3);
  assertEquals(mean([]), NaN);
});

Deno.test("quantile() is a value that at least a fraction of all values do not exceed", () => {
  const values = [5, 1, 4, 2, 3];
  assertEquals([0, 0.5, 1].map((share) => quantile(values, share)), [1, 3, 5]);
  assertEquals([median(values), median([1, 2, 3, 4]), median([])], [3, 3, NaN]);
});
