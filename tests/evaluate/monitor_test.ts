import { assertEquals, assertThrows } from "@std/assert";
import { isBetter, metricSchema, metricValue } from "../../lib/train/mod.ts";

const record = {
  step: 3,
  train: { loss: 0.5, accuracy: 0.8 },
  validation: { loss: 0.6, accuracy: 0.7 },
};

Deno.test("metricValue() returns a measured score, and undefined if it was not measured", () => {
  assertEquals(metricValue(record, "validation.loss"), 0.6);
  assertEquals(metricValue(record, "train.accuracy"), 0.8);
  assertEquals(metricValue(record, "average.loss"), undefined);
  assertEquals(metricValue({ step: 3, average: record.train }, "average.loss"), 0.5);
});

Deno.test("isBetter() prefers lower losses and higher accuracies, and accepts any first number", () => {
  assertEquals(isBetter("validation.loss", 0.4, 0.5), true);
  assertEquals(isBetter("validation.loss", 0.5, 0.5), false);
  assertEquals(isBetter("train.accuracy", 0.6, 0.5), true);
  assertEquals(isBetter("train.accuracy", 0.5, 0.5), false);
  assertEquals(isBetter("train.accuracy", 0, undefined), true);
});

Deno.test("isBetter() requires more than a fraction of the best value, and rejects NaN", () => {
  assertEquals(isBetter("validation.loss", 0.46, 0.5, 0.1), false);
  assertEquals(isBetter("validation.loss", 0.44, 0.5, 0.1), true);
  assertEquals(isBetter("validation.accuracy", 0.54, 0.5, 0.1), false);
  assertEquals(isBetter("validation.accuracy", 0.56, 0.5, 0.1), true);
  assertEquals(isBetter("validation.loss", NaN, undefined), false);
  assertEquals(isBetter("validation.loss", NaN, 0.5), false);
});

Deno.test("metricSchema accepts the metrics only", () => {
  assertEquals(metricSchema.parse("average.accuracy"), "average.accuracy");
  assertThrows(() => metricSchema.parse("test.loss"), Error, "validation.loss");
});
