import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { areSame, averageEvaluations } from "../../lib/evaluate/mod.ts";
import type { Evaluation } from "../../lib/evaluate/evaluation.ts";

/** Returns an evaluation of three samples of two classes, given the probabilities of the second class. */
function member(...second: readonly number[]): Evaluation {
  return {
    split: "test",
    rows: Uint32Array.of(4, 7, 9),
    labels: Uint16Array.of(0, 1, 1),
    probabilities: Float32Array.from(second.flatMap((p) => [1 - p, p])),
    loss: 0,
  };
}

/** Mean of −log p of the true class. */
const crossEntropy = ({ probabilities, labels }: Evaluation) =>
  labels.reduce((sum, label, i) => sum - Math.log(probabilities[2 * i + label]), 0) / 3;

Deno.test("averageEvaluations() averages the probabilities, and computes the loss of the mean", () => {
  const { probabilities, loss, ...rest } = averageEvaluations([
    member(0.25, 0.5, 0.75),
    member(0.5, 0.75, 1),
  ]);
  assertEquals([...probabilities], [0.625, 0.375, 0.375, 0.625, 0.125, 0.875]);
  assertEquals(rest, { split: "test", rows: member(0, 0, 0).rows, labels: member(0, 0, 0).labels });
  // a few roundings to 2⁻⁵³ of numbers around 1
  assertAlmostEquals(loss, -(Math.log(0.625) + Math.log(0.625) + Math.log(0.875)) / 3, 1e-15);
});

Deno.test("averageEvaluations() sums in double precision and rounds once", () => {
  // 1 + 2⁻²⁴ would be lost in a sum of 32-bit numbers, so that the mean of three would be ⅓
  const tiny = 2 ** -24;
  const { probabilities } = averageEvaluations([
    member(1, 0, 0),
    member(tiny, 0, 0),
    member(tiny, 0, 0),
  ]);
  assertEquals(probabilities[1], Math.fround((1 + 2 * tiny) / 3));
  assert(probabilities[1] !== Math.fround(1 / 3));
});

Deno.test("averageEvaluations() of one member is the member", () => {
  const alone = member(0.1, 0.2, 0.3);
  assertEquals(averageEvaluations([alone]).probabilities, alone.probabilities);
});

Deno.test("averageEvaluations() has at most the mean loss of the members", () => {
  const members = [member(0.1, 0.6, 0.9), member(0.4, 0.3, 0.8), member(0.7, 0.95, 0.2)];
  const mean = members.reduce((sum, each) => sum + crossEntropy(each), 0) / 3;
  assert(averageEvaluations(members).loss < mean);
});

Deno.test("averageEvaluations() rejects members that were evaluated on other samples", () => {
  const one = member(0, 0, 0);
  for (
    const other of [
      { ...one, rows: Uint32Array.of(4, 9, 7) },
      { ...one, labels: Uint16Array.of(0, 1, 0) },
      { ...one, probabilities: new Float32Array(9) },
    ]
  ) {
    const message =
      'the same samples of "test" by all members: received other samples from member 3';
    assertThrows(() => averageEvaluations([one, one, other]), TypeError, message);
  }
  assertEquals(areSame(one, { rows: Uint32Array.of(4, 7), labels: Uint16Array.of(0, 1) }), false);
});
