import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  accuracy,
  type ClassScores,
  classScores,
  confusedPairs,
  confusionMatrix,
  findMistakes,
  macroAverage,
  predictedClasses,
  summarize,
  wilsonInterval,
} from "../../lib/evaluate/mod.ts";

const u16 = (...values: readonly number[]) => Uint16Array.from(values);
const f32 = (...values: readonly number[]) => Float32Array.from(values);

Deno.test("predictedClasses() returns the most probable class, the first of equals", () => {
  const probabilities = f32(0.2, 0.7, 0.1, 0.4, 0.2, 0.4, 0, 0, 0);
  assertEquals(predictedClasses(probabilities, { samples: 3, classes: 3 }), u16(1, 0, 0));
});

Deno.test("predictedClasses() rejects NaN, and arrays of another size", () => {
  const shape = { samples: 1, classes: 2 };
  assertThrows(() => predictedClasses(f32(NaN, 1), shape), RangeError, "received NaN for class 0");
  assertThrows(() => predictedClasses(f32(1), shape), TypeError, "expected 1 × 2 probabilities");
});

Deno.test("accuracy() is the fraction of correct predictions, null without samples", () => {
  assertEquals(accuracy(u16(0, 1, 2, 2), u16(0, 1, 1, 2)), 0.75);
  assertEquals(accuracy(u16(), u16()), null);
  assertThrows(() => accuracy(u16(0), u16()), TypeError, "expected 1 predictions: received 0");
});

Deno.test("confusionMatrix() has true classes as rows and predicted ones as columns", () => {
  const confusion = confusionMatrix(u16(0, 0, 1, 2), u16(0, 2, 1, 2), 3);
  assertEquals(confusion, [[1, 0, 1], [0, 1, 0], [0, 0, 1]]);
});

Deno.test("confusionMatrix() rejects a label that is not a class", () => {
  assertThrows(() => confusionMatrix(u16(3), u16(0), 3), RangeError, "received label 3");
  assertThrows(() => confusionMatrix(u16(0), u16(9), 3), RangeError, "predicted 9");
});

/** Scores of predictions of which there are so many of each true class (row) and predicted one. */
function scoresOf(counts: readonly (readonly number[])[]): readonly ClassScores[] {
  const pairs = counts.flatMap((row, label) =>
    row.flatMap((count, predicted) => Array.from({ length: count }, () => [label, predicted]))
  );
  const [labels, predicted] = [0, 1].map((at) => Uint16Array.from(pairs, (pair) => pair[at]));
  return classScores(labels, predicted, counts.length);
}

Deno.test("confusedPairs() lists the counts of confusionMatrix(), the most frequent first", () => {
  const [labels, predicted] = [u16(0, 0, 0, 2, 1, 2), u16(2, 0, 2, 1, 0, 1)];
  assertEquals(confusedPairs(labels, predicted, 3), [
    { label: 0, predicted: 2, count: 2 },
    { label: 2, predicted: 1, count: 2 },
    { label: 1, predicted: 0, count: 1 },
  ]);
  assertThrows(() => confusedPairs(u16(3), u16(0), 3), RangeError, "received label 3");
});

Deno.test("summarize() of 65,536 classes has pairs in place of the matrix", () => {
  const [samples, classes] = [20, 65_536];
  const labels = Uint16Array.from({ length: samples }, (_, i) => i < 10 ? 7 : 65_535 - i);
  const probabilities = new Float32Array(samples * classes);
  for (let i = 0; i < samples; i++) probabilities[i * classes + (i < 4 ? 8 : labels[i])] = 1;
  const rows = Uint32Array.from(labels.keys());
  const names = Array.from({ length: classes }, (_, label) => `${label}`);
  const summary = summarize({ split: "test", rows, labels, probabilities, loss: 1 }, names);
  assertEquals(summary.confusion, undefined);
  assertEquals(summary.confusedPairs, [{ label: 7, predicted: 8, count: 4 }]);
  assertEquals(summary.classes[7].recall, 6 / 10);
  assertEquals(summary.accuracy, 16 / 20);
});

Deno.test("classScores() equals a hand computation", () => {
  // class 0: 8 of 10 found, 8 of 12 right; class 1: 5 of 9 found, 5 of 7 right
  const scores = scoresOf([[8, 2], [4, 5]]);
  assertEquals(scores[0], {
    precision: 8 / 12,
    recall: 8 / 10,
    f1: 16 / 22,
    support: 10,
    precisionInterval: wilsonInterval(8, 12),
    recallInterval: wilsonInterval(8, 10),
  });
  assertEquals(scores[1], {
    precision: 5 / 7,
    recall: 5 / 9,
    f1: 10 / 16,
    support: 9,
    precisionInterval: wilsonInterval(5, 7),
    recallInterval: wilsonInterval(5, 9),
  });
});

Deno.test("classScores() is null if nothing is predicted as the class or belongs to it", () => {
  // class 1 never occurs and is predicted once, class 2 neither, class 3 occurs and is not found
  const scores = scoresOf([[4, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [2, 0, 0, 0]]);
  assertEquals(scores[1], {
    precision: 0,
    recall: null,
    f1: 0,
    support: 0,
    precisionInterval: wilsonInterval(0, 1),
    recallInterval: null,
  });
  assertEquals(scores[2], {
    precision: null,
    recall: null,
    f1: null,
    support: 0,
    precisionInterval: null,
    recallInterval: null,
  });
  assertEquals(scores[3], {
    precision: null,
    recall: 0,
    f1: 0,
    support: 2,
    precisionInterval: null,
    recallInterval: wilsonInterval(0, 2),
  });
});

Deno.test("macroAverage() omits classes without a score", () => {
  const none = { precision: null, recall: null, f1: null };
  const some = { precision: 0.5, recall: null, f1: 1 };
  assertEquals(macroAverage([none, some, { ...some, f1: 0 }]), {
    precision: 0.5,
    recall: null,
    f1: 0.5,
  });
});

const evaluation = {
  split: "test",
  rows: Uint32Array.from([70, 30, 50, 10]),
  labels: u16(0, 0, 1, 1),
  probabilities: f32(0.25, 0.75, 0.25, 0.75, 0.25, 0.75, 0.875, 0.125),
  loss: 0.5,
} as const;

Deno.test("findMistakes() sorts by falling confidence, then by row", () => {
  const mistakes = findMistakes(evaluation, 2);
  assertEquals(mistakes.map(({ row }) => row), [10, 30, 70]);
  assertEquals(mistakes[0], {
    index: 3,
    row: 10,
    label: 1,
    predicted: 0,
    confidence: 0.875,
    probabilities: f32(0.875, 0.125),
  });
});

Deno.test("summarize() is plain JSON with arrays for values of classes", () => {
  const summary = summarize(evaluation, ["no", "yes"]);
  assertEquals(JSON.parse(JSON.stringify(summary)), summary);
  assertEquals(summary.accuracy, 0.25);
  assertEquals(summary.mistakes, 3);
  assertEquals(summary.samples, 4);
  assertEquals(summary.loss, 0.5);
  assertEquals(summary.confusion, [[0, 2], [1, 1]]);
  assertEquals(summary.topK, []);
  // twice 2 · 0.75², once 2 · 0.25², once 2 · 0.875², of 4
  assertEquals(summary.brier, (4 * 0.5625 + 2 * 0.0625 + 2 * 0.765625) / 4);
  // confidences 0.75, of which 1 of 3 is right, and 0.875, which is wrong
  assertEquals(summary.calibrationError, 0.75 * (0.75 - 1 / 3) + 0.25 * 0.875);
  assertEquals(summary.classes[1], {
    name: "yes",
    precision: 1 / 3,
    recall: 1 / 2,
    f1: 2 / 5,
    precisionInterval: wilsonInterval(1, 3),
    recallInterval: wilsonInterval(1, 2),
    support: 2,
  });
});

Deno.test("summarize() has top-2, top-3 and top-5 accuracy if there are more classes", () => {
  const topKOf = (classes: number) => {
    const probabilities = Float32Array.from({ length: 2 * classes }, (_, i) => 1 - i % classes / 8);
    const names = Array.from({ length: classes }, (_, index) => `${index}`);
    return summarize(
      { ...evaluation, labels: u16(2, 0), rows: new Uint32Array(2), probabilities },
      names,
    )
      .topK.map(({ k, accuracy }) => [k, accuracy]);
  };
  assertEquals(topKOf(3), [[2, 0.5]]);
  assertEquals(topKOf(5), [[2, 0.5], [3, 1]]);
  assertEquals(topKOf(6), [[2, 0.5], [3, 1], [5, 1]]);
});

Deno.test("summarize() replaces a loss that is not finite by null", () => {
  assertEquals(summarize({ ...evaluation, loss: Infinity }, ["no", "yes"]).loss, null);
});

Deno.test("summarize() is consistent for any predictions", () => {
  const samples = fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(samples, (pairs) => {
      const { accuracy, classes, confusion, mistakes, interval } = summarize({
        split: "test",
        rows: Uint32Array.from(pairs, (_, index) => index),
        labels: Uint16Array.from(pairs, ([label]) => label),
        probabilities: Float32Array.from(
          pairs.flatMap(([, predicted]) => [0, 1, 2, 3].map((c) => c === predicted ? 0.7 : 0.1)),
        ),
        loss: 1,
      }, ["a", "b", "c", "d"]);
      const trace = confusion?.reduce((sum, row, index) => sum + row[index], 0) ?? NaN;
      assertEquals(accuracy, trace / pairs.length);
      assertEquals(mistakes, pairs.length - trace);
      assertEquals(classes.reduce((sum, { support }) => sum + support, 0), pairs.length);
      const recalled = classes.reduce(
        (sum, { recall, support }) => sum + (recall ?? 0) * support,
        0,
      );
      assertAlmostEquals(recalled / pairs.length, accuracy ?? NaN, 1e-14); // 60 roundings of 1e-16
      assertEquals(interval !== null && interval[0] <= (accuracy ?? NaN), true);
    }),
    { seed: 3, numRuns: 100 },
  );
});
