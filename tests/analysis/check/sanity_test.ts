import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  checkDeadUnits,
  checkGradients,
  checkInitialLoss,
  checkOverfitting,
  checkShuffledLabels,
} from "../../../lib/analysis/check/sanity.ts";
import {
  batchNorm,
  dense,
  dropout,
  type Layer,
  network,
  relu,
  sigmoid,
  softmaxCrossEntropy,
} from "../../../lib/nn/mod.ts";
import { below, key, mul } from "../../../lib/tensor/mod.ts";

const [FEATURES, CLASSES, COUNT] = [5, 3, 8];

const SAMPLES = {
  x: Array.from({ length: COUNT * FEATURES }, (_, i) => below(key(1, "check"), i, 1000) / 500 - 1),
  labels: Array.from({ length: COUNT }, (_, i) => i % CLASSES),
};

function modelOf(...layers: readonly Layer[]) {
  const loss = softmaxCrossEntropy();
  return { network: network(layers, FEATURES), loss, seed: 1, classes: CLASSES };
}

const SOUND = modelOf(
  dense({ units: 6 }),
  batchNorm(),
  sigmoid(),
  dropout({ rate: 0.25 }),
  dense({ units: CLASSES }),
);

Deno.test("checkGradients() passes a correct network with random layers, and fails a wrong backward function", () => {
  assert(checkGradients(SOUND, SAMPLES).passed);
  const right = sigmoid();
  const wrong: Layer = {
    ...right,
    backward: (params, x, dy, context) => {
      const { dx, grads } = right.backward(params, x, dy, context);
      return { dx: mul(dx, 1.01), grads };
    },
  };
  const found = checkGradients(
    modelOf(dense({ units: 6 }), wrong, dense({ units: CLASSES })),
    SAMPLES,
  );
  assert(!found.passed);
  assertMatch(found.text, /in dense1\.\w+\[\d+\], of 30 parameters$/);
});

Deno.test("checkGradients() fails if gradients are not numbers", () => {
  const found = checkGradients(SOUND, { ...SAMPLES, x: SAMPLES.x.with(3, NaN) });
  assert(!found.passed);
  assertMatch(found.text, /difference from central differences ∞ in \w+\.\w+\[\d+\]/);
});

Deno.test("checkInitialLoss() fails a network that is confident before training", () => {
  assert(checkInitialLoss(SOUND, SAMPLES).passed);
  const initializer = { name: "orthogonal", gain: 100 } as const;
  assert(
    !checkInitialLoss(modelOf(dense({ units: CLASSES, initializer })), SAMPLES).passed,
  );
});

Deno.test("checkDeadUnits() counts units that are 0 for all samples", () => {
  assert(checkDeadUnits(SOUND, SAMPLES).passed);
  const dead = modelOf(dense({ units: 6, initialBias: -100 }), relu(), dense({ units: CLASSES }));
  const { passed, text } = checkDeadUnits(dead, SAMPLES);
  assertEquals([passed, text.slice(0, 22)], [false, "6 of 6 units of relu1 "]);
  assertEquals(checkDeadUnits(modelOf(dense({ units: CLASSES })), SAMPLES).text, "no hidden layer");
});

Deno.test("checkShuffledLabels() fails if the interval of the accuracy is above chance", () => {
  const shuffled = (right: number, largest = 0.1) =>
    checkShuffledLabels({ classes: 10 }, { right, samples: 100, largest }).passed;
  assertEquals([shuffled(12), shuffled(40), shuffled(40, 0.5)], [true, false, true]);
});

Deno.test("checkOverfitting() requires the loss to fall to a tenth of its initial value", () => {
  const learned = (end: number) => checkOverfitting({ start: 2.3, end, steps: 200 }).passed;
  assertEquals([learned(0.01), learned(1), learned(NaN)], [true, false, false]);
});
