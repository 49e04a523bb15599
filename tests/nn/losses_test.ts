import { assertAlmostEquals, assertEquals } from "@std/assert";
import { softmaxCrossEntropyBackward, softmaxCrossEntropyForward } from "../../lib/nn/mod.ts";
import { input } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

const logits = input("logits", [1, 3]);
const labels = input("labels", [1], "integer");
const at = (z: readonly number[], label: number) => ({ inputs: { logits: z, labels: [label] } });

Deno.test("softmaxCrossEntropyForward() gives log 3 where three classes are equally likely", () => {
  const { loss, probabilities } = softmaxCrossEntropyForward(logits, labels);
  const [value] = valuesOf(loss, at([5, 5, 5], 1));
  assertAlmostEquals(value as number, 1.0986122886681098, 2 * UNIT_ROUNDOFF);
  assertEquals(valuesOf(probabilities, at([5, 5, 5], 1)), [1 / 3, 1 / 3, 1 / 3]);
});

Deno.test("softmaxCrossEntropyForward() neither overflows nor loses the loss of a hopeless sample", () => {
  const { loss, probabilities } = softmaxCrossEntropyForward(logits, labels);
  for (const precision of ["f32", "f64"] as const) {
    assertEquals(valuesOf(loss, at([1000, 0, -1000], 2), precision), [2000]);
    assertEquals(valuesOf(probabilities, at([1000, 0, -1000], 2), precision), [1, 0, 0]);
    assertEquals(valuesOf(loss, at([1000, 0, -1000], 0), precision), [0]);
  }
});

Deno.test("softmaxCrossEntropyForward() does not change when all logits grow alike", () => {
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

Deno.test("softmaxCrossEntropyForward() gives NaN for a NaN among the logits, so that it is noticed", () => {
  const { loss } = softmaxCrossEntropyForward(logits, labels);
  assertEquals(valuesOf(loss, at([NaN, 1, 2], 1)), [NaN]);
});
