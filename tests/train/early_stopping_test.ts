import { assertEquals } from "@std/assert";
import type { ScoreRecord } from "../../lib/evaluate/evaluation.ts";
import { improvement, METRICS, metricValue } from "../../lib/evaluate/monitor.ts";
import {
  findBestRecord,
  restorationMetric,
  shouldStopEarly,
} from "../../lib/train/early_stopping.ts";

/** Records with these losses, at steps 10, 20, …; a missing one has no score. */
function records(...losses: readonly (number | undefined)[]): readonly ScoreRecord[] {
  return losses.map((loss, index) => ({
    step: 10 * (index + 1),
    ...(loss === undefined ? {} : { validation: { loss, accuracy: 1 - loss } }),
  }));
}

Deno.test("metricValue() returns the score that a metric names", () => {
  const score = (loss: number) => ({ loss, accuracy: loss / 10 });
  const record = { step: 1, train: score(1), validation: score(2), average: score(3) };
  const found = METRICS.map((metric) => metricValue(record, metric));
  assertEquals(found, [2, 0.2, 1, 0.1, 3, 0.3].map((x) => x === 0.3 ? 3 / 10 : x));
  assertEquals(metricValue({ step: 1 }, "average.loss"), undefined);
});

Deno.test("improvement() is positive when a loss falls or an accuracy rises", () => {
  assertEquals(improvement("validation.loss", 1, 3), 2);
  assertEquals(improvement("validation.accuracy", 1, 3), -2);
});

Deno.test("findBestRecord() returns the first of equals, and counts the scores after it", () => {
  const best = findBestRecord(records(0.5, 0.3, 0.3, undefined, 0.4), "validation.loss");
  assertEquals([best?.record.step, best?.since], [20, 2]);
  assertEquals(findBestRecord(records(0.5, 0.3), "validation.accuracy")?.record.step, 20);
  assertEquals(findBestRecord(records(undefined), "validation.loss"), undefined);
});

Deno.test("findBestRecord() requires the minimum improvement", () => {
  const best = findBestRecord(records(0.5, 0.45, 0.39), "validation.loss", 0.1);
  assertEquals([best?.record.step, best?.since], [30, 0]);
});

Deno.test("shouldStopEarly() stops if as many scores as the patience are no better than the best", () => {
  const scores = records(0.5, 0.3, 0.4, 0.35, 0.3);
  assertEquals(shouldStopEarly(scores, { patience: 3 }), true);
  assertEquals(shouldStopEarly(scores.slice(0, 4), { patience: 3 }), false);
  assertEquals(shouldStopEarly(scores, { patience: 4 }), false);
  assertEquals(shouldStopEarly([], { patience: 1 }), false);
});

Deno.test("restorationMetric() is the metric unless the last weights are requested", () => {
  assertEquals(restorationMetric(undefined), undefined);
  assertEquals(restorationMetric({}), "validation.loss");
  assertEquals(restorationMetric({ metric: "train.loss" }), "train.loss");
  assertEquals(restorationMetric({ restoreBest: false }), undefined);
});
