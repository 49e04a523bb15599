import { assertEquals } from "@std/assert";
import { softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { div, input, reshape, sum } from "../../lib/tensor/mod.ts";
import { correctness, mixedLoss } from "../../lib/train/step/mixing.ts";
import { assertGradient } from "../nn/gradient.ts";
import { normalValues, valuesOf } from "../numbers.ts";

const [BATCH, CLASSES] = [4, 3];
const LABELS = [2, 0, 1, 1];
const NEXT = [0, 1, 1, 2];
const WEIGHTS = [0.25, 1, 0, 0.5];

const labels = input("labels", [BATCH], "integer");
const mix = { weight: input("weight", [BATCH]) };
const own = softmaxCrossEntropy();
const mixed = mixedLoss(own, mix);
const logits = input("logits", [BATCH, CLASSES]);
const inputs = { labels: LABELS, weight: WEIGHTS, logits: normalValues("logits", logits.shape) };

Deno.test("mixedLoss() weights the losses of both labels, those of the last and the first too", () => {
  const of = (labels: readonly number[]) =>
    valuesOf(own.forward(logits, input("labels", [BATCH], "integer")).loss, {
      inputs: { ...inputs, labels },
    });
  const [first, second] = [of(LABELS), of(NEXT)];
  const expected = WEIGHTS.map((w, i) => w * first[i] + (1 - w) * second[i]);
  assertEquals(valuesOf(mixed.forward(logits, labels).loss, { inputs }), expected);
});

Deno.test("mixedLoss() has a gradient that agrees with central differences", () => {
  assertGradient({
    value: ({ logits }) => {
      const { loss } = mixed.forward(logits, labels);
      return div(reshape(sum(reshape(loss, [1, BATCH]), "columns"), []), BATCH);
    },
    gradients: ({ logits }) => ({ logits: mixed.backward(logits, labels) }),
    shapes: { logits: logits.shape },
    inputs: { labels: LABELS, weight: WEIGHTS },
  });
});

Deno.test("mixedLoss() is the loss itself if nothing is mixed", () => {
  assertEquals(mixedLoss(own, undefined), own);
});

Deno.test("correctness() is the fraction of the sample whose class was predicted", () => {
  const probabilities = input("p", [BATCH, CLASSES]);
  const p = [[0, 0, 1], [0, 1, 0], [0, 1, 0], [1, 0, 0]].flat();
  const bindings = { inputs: { ...inputs, p } };
  assertEquals(valuesOf(correctness(probabilities, labels, mix), bindings), [0.25, 0, 1, 0]);
  assertEquals(valuesOf(correctness(probabilities, labels, undefined), bindings), [1, 0, 1, 0]);
});
