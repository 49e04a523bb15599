import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  focal,
  hinge,
  type Loss,
  meanSquaredError,
  oneHot,
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropyForward,
} from "../../lib/nn/mod.ts";
import { argmax, input } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

const logits = input("logits", [1, 3]);
const labels = input("labels", [1], "integer");
const at = (z: readonly number[], label: number) => ({ inputs: { logits: z, labels: [label] } });

Deno.test("softmaxCrossEntropyForward() gives log 3 if three classes are equally likely", () => {
  const { loss, probabilities } = softmaxCrossEntropyForward(logits, labels);
  const [value] = valuesOf(loss, at([5, 5, 5], 1));
  assertAlmostEquals(value, 1.0986122886681098, 2 * UNIT_ROUNDOFF);
  assertEquals(valuesOf(probabilities, at([5, 5, 5], 1)), [1 / 3, 1 / 3, 1 / 3]);
});

Deno.test("softmaxCrossEntropyForward() neither overflows nor loses the loss of a very improbable label", () => {
  const { loss, probabilities } = softmaxCrossEntropyForward(logits, labels);
  for (const precision of ["f32", "f64"] as const) {
    assertEquals(valuesOf(loss, at([1000, 0, -1000], 2), precision), [2000]);
    assertEquals(valuesOf(probabilities, at([1000, 0, -1000], 2), precision), [1, 0, 0]);
    assertEquals(valuesOf(loss, at([1000, 0, -1000], 0), precision), [0]);
  }
});

Deno.test("softmaxCrossEntropyForward() does not change if all logits grow equally", () => {
  const { loss } = softmaxCrossEntropyForward(logits, labels);
  const [low, high] = [at([1, 2, 3], 0), at([65, 66, 67], 0)].map((b) => valuesOf(loss, b));
  assertEquals(low, high); // small whole numbers: nothing is rounded before exp
});

Deno.test("softmaxCrossEntropyBackward() gives (p - onehot) / batch, whose rows sum to zero", () => {
  const pair = input("logits", [2, 2]);
  const gradient = softmaxCrossEntropyBackward(pair, input("labels", [2], "integer"));
  const values = valuesOf(gradient, { inputs: { logits: [0, 0, 0, 0], labels: [0, 1] } });
  assertEquals(values, [-0.25, 0.25, 0.25, -0.25]);
});

Deno.test("softmaxCrossEntropyForward() propagates NaN of a logit", () => {
  const { loss } = softmaxCrossEntropyForward(logits, labels);
  assertEquals(valuesOf(loss, at([NaN, 1, 2], 1)), [NaN]);
});

Deno.test("oneHot() is 1 at the label of each sample, and 0 elsewhere", () => {
  const rows = oneHot(input("labels", [3], "integer"), 3);
  assertEquals(valuesOf(rows, { inputs: { labels: [2, 0, 1] } }), [0, 0, 1, 1, 0, 0, 0, 1, 0]);
});

Deno.test("softmaxCrossEntropy() with neutral options is the expression without options", () => {
  assertEquals(
    softmaxCrossEntropy({ labelSmoothing: 0 }).forward(logits, labels),
    softmaxCrossEntropy().forward(logits, labels),
  );
  assertEquals(
    softmaxCrossEntropy({ labelSmoothing: 0 }).backward(logits, labels),
    softmaxCrossEntropy().backward(logits, labels),
  );
});

Deno.test("softmaxCrossEntropy() with smoothing has its minimum where the label has 1 - e + e / classes", () => {
  const { backward } = softmaxCrossEntropy({ labelSmoothing: 0.3 });
  // Probabilities 0.8, 0.1 and 0.1
  const gradient = valuesOf(backward(logits, labels), at([Math.log(8), 0, 0], 0));
  // log 8 is rounded once, and p follows from it by few operations
  for (const slope of gradient) assertAlmostEquals(slope, 0, 16 * UNIT_ROUNDOFF);
});

Deno.test("meanSquaredError() is the squared distance from the one-hot label over the classes", () => {
  const { loss } = meanSquaredError().forward(logits, labels);
  assertEquals(valuesOf(loss, at([2, 1, -1], 1)), [5 / 3]);
});

Deno.test("hinge() sums the missing margins of the other classes", () => {
  const outputs = at([1, 0.5, -2], 0);
  const value = (options: Parameters<typeof hinge>[0]) =>
    valuesOf(hinge(options).forward(logits, labels).loss, outputs);
  const third = 1 / 3;
  assertEquals(value({}), [0.5 * third]);
  assertEquals(value({ squared: true }), [0.25 * third]);
  assertEquals(value({ margin: 4 }), [(3.5 + 1) * third]);
  assertEquals(value({ classWeights: [4, 1, 1] }), [0.5 * third * 4]);
  assertEquals(valuesOf(hinge().backward(logits, labels), outputs), [-third, third, 0]);
});

Deno.test("focal() with gamma 0 is the cross-entropy; gamma 2 gives confident samples less weight", () => {
  const value = (loss: Loss, z: readonly number[], label: number) => {
    const [result] = valuesOf(loss.forward(logits, labels).loss, at(z, label));
    return result;
  };
  const plain = value(softmaxCrossEntropy(), [1, 2, 4], 1);
  assertEquals(value(focal({ gamma: 0 }), [1, 2, 4], 1), plain);
  // p = ½: a quarter of the surprise log 2
  const half = value(focal(), [Math.log(2), 0, 0], 0);
  assertAlmostEquals(half, 0.25 * Math.LN2, 16 * UNIT_ROUNDOFF);
});

Deno.test("focal() has no NaN for certain samples, right or wrong, in both precisions", () => {
  for (const gamma of [0, 0.5, 2]) {
    const { forward, backward } = focal({ gamma });
    for (const precision of ["f32", "f64"] as const) {
      for (const label of [0, 2]) {
        const bindings = at([1000, 0, -1000], label);
        const [loss] = valuesOf(forward(logits, labels).loss, bindings, precision);
        assertEquals(loss, label === 0 ? 0 : 2000);
        const gradient = valuesOf(backward(logits, labels), bindings, precision);
        assertEquals(gradient.map((slope) => slope + 0), label === 0 ? [0, 0, 0] : [1, 0, -1]);
      }
    }
  }
});

Deno.test("losses reject classWeights whose number is not that of the classes", () => {
  const classWeights = [1, 2];
  for (const make of [softmaxCrossEntropy, hinge, focal]) {
    assertThrows(
      () => make({ classWeights }).forward(logits, labels),
      RangeError,
      "expected 3 classWeights, one for each class: received 2",
    );
  }
});

Deno.test("the most probable class of every loss is that of the largest output", () => {
  const outputs = at([0.1, 3, -2], 0);
  for (const make of [softmaxCrossEntropy, meanSquaredError, hinge, focal]) {
    assertEquals(valuesOf(argmax(make().probabilities(logits)), outputs), [1]);
  }
});
