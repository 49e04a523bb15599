import { assert, assertEquals, assertLess } from "@std/assert";
import { losses } from "../../lib/nn/mod.ts";
import { div, input, mul, reshape, sub, sum, type Tensor } from "../../lib/tensor/mod.ts";
import { assertGradient } from "../nn/gradient.ts";
import { assertAgrees, computed } from "../engine/bits.ts";
import { assertWithinRunningError } from "../nn/running_error.ts";
import { deepFrozen, fingerprint, normalValues, UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";
import { testEntries } from "./contract.ts";

const [BATCH, CLASSES] = [4, 3];
const LABELS = [2, 0, 1, 2];

interface Case {
  readonly options?: object;
  /** Hash of what the loss computes from fixed numbers. */
  readonly golden: string;
}

/** Options and committed hash of each tested loss. */
const CASES: Readonly<Record<typeof losses.names[number], readonly Case[]>> = {
  softmaxCrossEntropy: [
    { golden: "be581564e00200cad99139d6f2211ea97c09fc4703efdd31c576394179cbbaf7" },
    {
      options: { labelSmoothing: 0.1 },
      golden: "5b72c1313be6c60553198f42a35f6231ed9644e90946c61069d6c6262381a7c6",
    },
    {
      options: { labelSmoothing: 0.2, classWeights: [1, 2, 0.5] },
      golden: "027ab67a754b3d1bd79b684f4615c1d260e85ea5c0c7dc3bb2e735e1ea383b11",
    },
  ],
  meanSquaredError: [{
    golden: "62cf2194870f06c700f693ea920a700a2b934104ee38cad4d987d6e327428ad8",
  }],
  hinge: [
    {
      options: { margin: 1.5 },
      golden: "381e24c9017dfed78df0ed6c815055d68fa2941d8e1182c77ea9fa824d823812",
    },
    {
      options: { squared: true, classWeights: [1, 2, 0.5] },
      golden: "d5f021aa9cd9628a138fadc4893b720560198a88e74f6112d42a88fa8f4ff6fa",
    },
  ],
  focal: [
    { golden: "4dda54a67dc26c3c70e72895cadea42c819d1cd1b9d7a1eb76a652e9d59e9ca9" },
    {
      options: { gamma: 0.5, classWeights: [1, 2, 0.5] },
      golden: "72d786529cf33b02a85d13c5797604ecd257360fd7daff4fe6ce7c477c7dd330",
    },
    {
      options: { gamma: 0 },
      golden: "be581564e00200cad99139d6f2211ea97c09fc4703efdd31c576394179cbbaf7",
    },
  ],
};

testEntries(losses);

for (const [name] of losses) {
  for (const given of CASES[name]) testLoss(name, given);
}

/** Registers the tests that every loss must pass. */
function testLoss(kind: typeof losses.names[number], { options = {}, golden }: Case): void {
  const loss = losses.create(losses.schema.parse({ name: kind, ...options }));
  const name = [kind, ...Object.keys(options).length > 0 ? [JSON.stringify(options)] : []].join(
    " ",
  );
  const logits = input("logits", [BATCH, CLASSES]);
  const labels = input("labels", [BATCH], "integer");
  const bindings = {
    inputs: { logits: normalValues("logits", logits.shape), labels: LABELS },
  };
  const meanLoss = (at: Tensor) => {
    const { loss: each } = loss.forward(at, labels);
    return div(reshape(sum(reshape(each, [1, BATCH]), "columns"), []), BATCH);
  };

  Deno.test(`loss ${name} returns a loss for each sample, and a gradient of the logits' shape`, () => {
    const { loss: each, probabilities } = loss.forward(logits, labels);
    assertEquals(each.shape, [BATCH]);
    assertEquals(probabilities.shape, [BATCH, CLASSES]);
    assertEquals(loss.backward(logits, labels).shape, [BATCH, CLASSES]);
  });

  Deno.test(`loss ${name} has a gradient that agrees with central differences`, () => {
    assertGradient({
      value: (args) => meanLoss(args.logits),
      gradients: (args) => ({ logits: loss.backward(args.logits, labels) }),
      shapes: { logits: logits.shape },
      inputs: { labels: LABELS },
    });
  });

  Deno.test(`loss ${name} falls along its negative gradient`, () => {
    const next = sub(logits, mul(loss.backward(logits, labels), 0.1));
    const [before, after] = [logits, next].map((at) => valuesOf(meanLoss(at), bindings)[0]);
    assertLess(after, before);
  });

  Deno.test(`loss ${name} returns probabilities from 0 to 1 that add up to 1, whatever the labels`, () => {
    const { probabilities } = loss.forward(logits, labels);
    const values = valuesOf(probabilities, bindings);
    assertEquals(valuesOf(loss.probabilities(logits), bindings), values);
    assert(values.every((p) => p >= 0 && p <= 1));
    for (const total of valuesOf(sum(probabilities, "columns"), bindings)) {
      // Each of three quotients is rounded once, and so are the sums of them and of their divisor
      assertLess(Math.abs(total - 1), 2 * CLASSES * UNIT_ROUNDOFF);
    }
  });

  Deno.test(`loss ${name} compiled is as close to double precision as its roundings permit`, () => {
    const inputs = { logits: bindings.inputs.logits.map(Math.fround), labels: LABELS };
    const { loss: each, probabilities } = loss.forward(logits, labels);
    const outputs = { each, probabilities, gradient: loss.backward(logits, labels) };
    assertAgrees({ outputs }, { inputs });
    const values = computed({ outputs }, { inputs });
    for (const [name, tensor] of Object.entries(outputs)) {
      assertWithinRunningError(name, tensor, { inputs }, values[`out:${name}`] ?? []);
    }
  });

  Deno.test(`loss ${name} does not change its inputs`, () => {
    const frozen = [deepFrozen(logits), deepFrozen(labels)] as const;
    loss.forward(...frozen);
    loss.backward(...frozen);
  });

  Deno.test(`loss ${name} computes the bits of its committed hash`, async () => {
    const { loss: each, probabilities } = loss.forward(logits, labels);
    const parts = [each, probabilities, loss.backward(logits, labels)];
    assertEquals(await fingerprint(parts, bindings), golden);
  });
}
