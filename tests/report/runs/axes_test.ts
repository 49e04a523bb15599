import { assertAlmostEquals, assertEquals } from "@std/assert";
import { accuracyAxis, optionAxis } from "../../../lib/report/runs/axes.ts";

Deno.test("accuracyAxis() shows ratios of mistakes if some are four times others", () => {
  const axisOf = (accuracies: readonly number[]) => accuracyAxis(accuracies, 300);
  const narrow = axisOf([0.98, 0.97]);
  assertEquals([narrow.isLogarithmic, narrow.at(0.98)], [false, 98]);
  const wide = axisOf([0.98, 0.5]);
  assertEquals(wide.isLogarithmic, true);
  assertAlmostEquals(wide.at(0.98), 2, 1e-12); // 1 − 0.98 is rounded in its 17th digit
  assertEquals(wide.axis.ticks?.map(({ label }) => label), [
    "98",
    "97",
    "94",
    "90",
    "85",
    "70",
  ]);
  assertEquals(axisOf([1, 0.5]).isLogarithmic, false); // no ratio to no mistakes
  // what lies beyond, as the end of a deviation may, stands at the end: 4 % beyond the outermost
  assertAlmostEquals(wide.at(1.2), 2 / 1.04, 1e-12);
});

Deno.test("accuracyAxis() includes the ends of deviations", () => {
  const { axis } = accuracyAxis([0.97, 0.98], 300, [0.975 - 0.01, 0.975 + 0.01]);
  const [low = NaN, high = NaN] = axis.domain ?? [];
  assertAlmostEquals(low, 96.5 - 0.04 * 2, 1e-9); // 2 from 96.5 to 98.5, in numbers of some 1e-14
  assertAlmostEquals(high, 98.5 + 0.04 * 2, 1e-9);
});

Deno.test("optionAxis() is logarithmic from a decade on, and has as many numbers as fit", () => {
  const wide = optionAxis("rate", [0.001, 0.003, 0.01], 300);
  assertEquals([wide.scale, wide.title], ["log", "rate (log scale)"]);
  const linear = optionAxis("rate", [0, 0.1, 0.5], 300);
  assertEquals([linear.scale, linear.title], ["linear", "rate"]);
  const labels = optionAxis("rate", [0.1, 0.11, 0.5], 100).ticks?.map(({ label }) => label);
  assertEquals(labels, ["0.1", "", "0.5"]);
});
