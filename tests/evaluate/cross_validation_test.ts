import { assertEquals, assertThrows } from "@std/assert";
import { type Evaluation, joinFolds } from "../../lib/evaluate/mod.ts";

/** An evaluation of samples of two classes, each with a probability of the first. */
function fold(rows: readonly number[], first: readonly number[], loss: number): Evaluation {
  return {
    split: "validation",
    loss,
    rows: Uint32Array.from(rows),
    labels: Uint16Array.from(rows, (row) => row % 2),
    probabilities: Float32Array.from(first.flatMap((p) => [p, 1 - p])),
  };
}

Deno.test("joinFolds() concatenates folds, with the mean loss over all samples", () => {
  const [a, b] = [fold([1, 4], [0.25, 0.5], 1), fold([0], [0.75], 4)];
  assertEquals(joinFolds([a, b]), {
    split: "validation",
    rows: Uint32Array.of(1, 4, 0),
    labels: Uint16Array.of(1, 0, 0),
    probabilities: Float32Array.of(0.25, 0.75, 0.5, 0.5, 0.75, 0.25),
    loss: 2, // (1 + 1 + 4) / 3
  });
  assertEquals(joinFolds([a]), a);
});

Deno.test("joinFolds() rejects a sample that occurs in two folds", () => {
  const folds = [fold([1, 4], [0.25, 0.5], 1), fold([4], [0.75], 4)];
  assertThrows(() => joinFolds(folds), TypeError, 'each sample of "validation" in one of them');
});
