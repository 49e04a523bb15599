import { assertEquals } from "@std/assert";
import type { ScoreRecord } from "../../lib/evaluate/evaluation.ts";
import { improvement, METRICS, metricValue } from "../../lib/evaluate/monitor.ts";
import { bestOf, isOver, restoredBy } from "../../lib/train/early_stopping.ts";

/** Records with these losses, at steps 10, 20, …; a missing one has no score. */
function records(...losses: readonly (number | undefined)[]): readonly ScoreRecord[] {
  return losses.map((loss, index) => ({
    step: 10 * (index + 1),
    ...(loss === undefined ? {} : { validation: { loss, accuracy: 1 - loss } }),
  }));
}

Deno.test("metricValue() finds the figure that a metric names", () => {
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

Deno.test("bestOf() gives the first of equals, and counts the scores that came after", () => {
  const best = bestOf(records(0.5, 0.3, 0.3, undefined, 0.4), "validation.loss");
  assertEquals([best?.record.step, best?.since], [20, 2]);
  assertEquals(bestOf(records(0.5, 0.3), "validation.accuracy")?.record.step, 20);
  assertEquals(bestOf(records(undefined), "validation.loss"), undefined);
});

Deno.test("bestOf() takes a score as better only if it is so by the least improvement", () => {
  const best = bestOf(records(0.5, 0.45, 0.39), "validation.loss", 0.1);
  assertEquals([best?.record.step, best?.since], [30, 0]);
});

Deno.test("isOver() stops when as many scores as the patience are no better than the best", () => {
  const scores = records(0.5, 0.3, 0.4, 0.35, 0.3);
  assertEquals(isOver(scores, { patience: 3 }), true);
  assertEquals(isOver(scores.slice(0, 4), { patience: 3 }), false);
  assertEquals(isOver(scores, { patience: 4 }), false);
  assertEquals(isOver([], { patience: 1 }), false);
});

Deno.test("restoredBy() names the metric unless the last weights are wanted", () => {
  assertEquals(restoredBy(undefined), undefined);
  assertEquals(restoredBy({}), "validation.loss");
  assertEquals(restoredBy({ metric: "train.loss" }), "train.loss");
  assertEquals(restoredBy({ restoreBest: false }), undefined);
});
