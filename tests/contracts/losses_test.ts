import { assert, assertEquals, assertLess } from "@std/assert";
import { losses } from "../../lib/nn/mod.ts";
import { div, input, mul, reshape, sub, sumColumns, type Tensor } from "../../lib/tensor/mod.ts";
import { assertGradient } from "../nn/gradient.ts";
import { deepFrozen, fingerprint, normalValues, UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";
import { testEntries } from "./contract.ts";

const [BATCH, CLASSES] = [4, 3];
const LABELS = [2, 0, 1, 2];

/** Hash of what each loss computes from fixed numbers. */
const GOLDEN: Readonly<Record<typeof losses.names[number], string>> = {
  softmaxCrossEntropy: "be581564e00200cad99139d6f2211ea97c09fc4703efdd31c576394179cbbaf7",
};

testEntries(losses);

for (const [name] of losses) {
  const loss = losses.create({ name });
  const logits = input("logits", [BATCH, CLASSES]);
  const labels = input("labels", [BATCH], "integer");
  const bindings = {
    inputs: { logits: normalValues("logits", logits.shape), labels: LABELS },
  };
  const meanLoss = (at: Tensor) => {
    const { loss: each } = loss.forward(at, labels);
    return div(reshape(sumColumns(reshape(each, [1, BATCH])), []), BATCH);
  };

  Deno.test(`loss "${name}" gives a loss a sample, and a gradient like the logits`, () => {
    const { loss: each, probabilities } = loss.forward(logits, labels);
    assertEquals(each.shape, [BATCH]);
    assertEquals(probabilities.shape, [BATCH, CLASSES]);
    assertEquals(loss.backward(logits, labels).shape, [BATCH, CLASSES]);
  });

  Deno.test(`loss "${name}" has the gradient of central differences`, () => {
    assertGradient({
      value: (args) => meanLoss(args.logits as Tensor),
      gradients: (args) => ({ logits: loss.backward(args.logits as Tensor, labels) }),
      shapes: { logits: logits.shape },
      inputs: { labels: LABELS },
    });
  });

  Deno.test(`loss "${name}" falls along its negative gradient`, () => {
    const next = sub(logits, mul(loss.backward(logits, labels), 0.1));
    const [before, after] = [logits, next].map((at) => valuesOf(meanLoss(at), bindings)[0]);
    assertLess(after as number, before as number);
  });

  Deno.test(`loss "${name}" gives probabilities: from 0 to 1, in sum 1, labels or not`, () => {
    const { probabilities } = loss.forward(logits, labels);
    const values = valuesOf(probabilities, bindings);
    assertEquals(valuesOf(loss.probabilities(logits), bindings), values);
    assert(values.every((p) => p >= 0 && p <= 1));
    for (const sum of valuesOf(sumColumns(probabilities), bindings)) {
      // Each of three quotients is rounded once, and so are the sums of them and of their divisor
      assertLess(Math.abs(sum - 1), 2 * CLASSES * UNIT_ROUNDOFF);
    }
  });

  Deno.test(`loss "${name}" leaves its inputs unchanged`, () => {
    const frozen = [deepFrozen(logits), deepFrozen(labels)] as const;
    loss.forward(...frozen);
    loss.backward(...frozen);
  });

  Deno.test(`loss "${name}" computes the same bits as ever`, async () => {
    const { loss: each, probabilities } = loss.forward(logits, labels);
    const parts = [each, probabilities, loss.backward(logits, labels)];
    assertEquals(await fingerprint(parts, bindings), GOLDEN[name]);
  });
}
