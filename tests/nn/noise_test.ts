import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { dropout, gaussianNoise, type LayerContext } from "../../lib/nn/mod.ts";
import { input, key, matmul, type Tensor } from "../../lib/tensor/mod.ts";
import { skipZeros } from "../../lib/tensor/rewrite.ts";
import { valuesOf } from "../numbers.ts";

const [BATCH, UNITS] = [64, 128];
const x = input("x", [BATCH, UNITS]);
const training: LayerContext = {
  state: {},
  training: {
    key: key(1, "layer", "dropout1"),
    samples: input("samples", [BATCH], "integer"),
    step: input("step", [], "integer"),
  },
};
const prediction: LayerContext = { state: {}, training: undefined };
const bindings = {
  inputs: {
    x: Array(BATCH * UNITS).fill(3),
    samples: Array.from({ length: BATCH }, (_, index) => index),
    step: [1],
  },
};
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

Deno.test("dropout() sets its fraction of the units to 0 and scales the others up", () => {
  const { y } = dropout({ rate: 0.2 }).forward({}, x, training);
  const values = valuesOf(y, bindings);
  assertEquals(new Set(values), new Set([0, 3 * (1 / 0.8)]));
  // Four standard deviations of a share of so many draws
  const dropped = values.filter((value) => value === 0).length / values.length;
  assertAlmostEquals(dropped, 0.2, 4 * Math.sqrt(0.2 * 0.8 / values.length));
});

Deno.test("dropout() passes the gradient of the remaining units, scaled alike", () => {
  const layer = dropout({ rate: 0.2 });
  const { y } = layer.forward({}, x, training);
  const { dx } = layer.backward({}, x, x, training);
  assertEquals(valuesOf(dx, bindings), valuesOf(y, bindings));
});

Deno.test("dropout() and gaussianNoise() do not change predictions and their gradient", () => {
  for (const layer of [dropout({ rate: 0.5 }), gaussianNoise({ stddev: 0.5 })]) {
    assertEquals(layer.forward({}, x, prediction), { y: x, state: {} });
    assertEquals(layer.backward({}, x, x, prediction), { dx: x, grads: {} });
  }
});

Deno.test("dropout() of rate 0 keeps everything", () => {
  const { y } = dropout({ rate: 0 }).forward({}, x, training);
  assertEquals(valuesOf(y, bindings), bindings.inputs.x);
});

Deno.test("dropout() gives zeros that products skip", () => {
  const { y } = dropout({ rate: 0.2 }).forward({}, x, training);
  const product: Tensor = matmul(y, input("weight", [UNITS, 64]));
  assertEquals(skipZeros({ product }).outputs.product.operation, {
    kind: "matmul",
    zeros: "left out",
  });
});

Deno.test("dropout() rejects a rate that would drop everything", () => {
  assertThrows(() => dropout({ rate: 1 }), RangeError, "expected number to be <1: received 1");
});

Deno.test("gaussianNoise() adds numbers of mean 0 and its standard deviation", () => {
  const { y } = gaussianNoise({ stddev: 0.5 }).forward({}, x, training);
  const noise = valuesOf(y, bindings).map((value) => value - 3);
  // Four sampling errors: of the mean σ / √n, of the variance σ² √(2 / n)
  assertAlmostEquals(mean(noise), 0, 4 * 0.5 / Math.sqrt(noise.length));
  const variance = mean(noise.map((value) => value * value));
  assertAlmostEquals(variance, 0.25, 4 * 0.25 * Math.sqrt(2 / noise.length));
});
