import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Evaluation, suspiciousLabels } from "../../lib/evaluate/mod.ts";
import { ANALYSIS } from "./fixtures.ts";

function evaluation(labels: readonly number[], probabilities: readonly number[]): Evaluation {
  return {
    split: "validation",
    rows: Uint32Array.from(labels, (_, index) => 100 - index),
    labels: Uint16Array.from(labels),
    probabilities: Float32Array.from(probabilities),
    loss: 1,
  };
}

Deno.test("suspiciousLabels() equals the paper's equations in NumPy, in the same order", () => {
  for (const { classes, labels, probabilities, suspicious } of ANALYSIS.scores) {
    assert(suspicious.length > 3);
    const found = suspiciousLabels(evaluation(labels, probabilities), classes);
    assertEquals(found.map(({ index, label, suggested }) => [index, label, suggested]), suspicious);
  }
});

Deno.test("suspiciousLabels() has a threshold for every class, the network's mean confidence in it", () => {
  // thresholds: class 0 (0.875 + 0.625 + 0.25) / 3 = 0.58, class 1 (0.5 + 0.375) / 2 = 0.44
  const given = evaluation([0, 0, 0, 1, 1], [
    0.875,
    0.125,
    0.625,
    0.375,
    0.25,
    0.75, // counted for class 1
    0.5,
    0.5, // below class 0's threshold, though as probable
    0.625,
    0.375, // counted for class 0
  ]);
  assertEquals(suspiciousLabels(given, 2), [
    { index: 2, row: 98, label: 0, suggested: 1, selfConfidence: 0.25, confidence: 0.75 },
    { index: 4, row: 96, label: 1, suggested: 0, selfConfidence: 0.375, confidence: 0.625 },
  ]);
});

Deno.test("suspiciousLabels() sorts equally improbable labels by row", () => {
  const given = evaluation([0, 0, 1], [0.25, 0.75, 0.25, 0.75, 0.25, 0.75]);
  assertEquals(suspiciousLabels(given, 2).map(({ row }) => row), [99, 100]);
});

Deno.test("suspiciousLabels() suggests no class without labelled samples", () => {
  assertEquals(suspiciousLabels(evaluation([0, 0], [0.25, 0.75, 0.25, 0.75]), 2), []);
  assertEquals(suspiciousLabels(evaluation([], []), 2), []);
});

Deno.test("suspiciousLabels() rejects inconsistent arrays", () => {
  const given = evaluation([0, 1], [1, 0, 0, 1]);
  const rows = new Uint32Array(1);
  assertThrows(() => suspiciousLabels({ ...given, rows }, 2), TypeError, "expected 2 rows");
  assertThrows(() => suspiciousLabels(given, 3), TypeError, "expected 2 × 3 probabilities");
});
