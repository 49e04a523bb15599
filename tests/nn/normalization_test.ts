import { assertAlmostEquals, assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import { batchNorm, forward, type Layer, layerNorm, network, relu } from "../../lib/nn/mod.ts";
import { input, key, reshape, sizeOf, sum, type Tensor } from "../../lib/tensor/mod.ts";
import { assertAgreesFor } from "../engine/bits.ts";
import { assertGradient } from "./gradient.ts";
import { normalValues, UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

const x = input("x", [4, 2]);
const params = { scale: input("scale", [2]), shift: input("shift", [2]) };
const state = { mean: input("mean", [2]), variance: input("variance", [2]) };
const training = {
  key: key(1),
  samples: input("samples", [4], "integer"),
  step: input("step", [], "integer"),
};
const inputs = {
  x: [1, 10, 2, 20, 3, 30, 6, 40],
  scale: [1, 2],
  shift: [0, 5],
  mean: [0, 0],
  variance: [1, 1],
};
const plain = { inputs: { ...inputs, scale: [1, 1], shift: [0, 0] } };
const columns = (values: readonly number[]) =>
  [0, 1].map((column) => values.filter((_, index) => index % 2 === column));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

Deno.test("batchNorm() gives each unit mean 0 and variance 1 in training, up to epsilon", () => {
  const epsilon = 1e-3;
  const { y } = batchNorm({ epsilon }).forward(params, x, { state, training });
  const [first = [], second = []] = columns(valuesOf(y, plain));
  for (const [unit, variance] of [[first, 3.5], [second, 125]] as const) {
    assertAlmostEquals(mean(unit), 0, 4 * UNIT_ROUNDOFF);
    const expected = variance / (variance + epsilon);
    assertAlmostEquals(mean(unit.map((value) => value * value)), expected, 8 * UNIT_ROUNDOFF);
  }
});

Deno.test("batchNorm() scales and shifts normalized numbers", () => {
  const { y } = batchNorm().forward(params, x, { state, training });
  const normalized = valuesOf(y, plain);
  const expected = normalized.map((value, index) => index % 2 === 0 ? value : 2 * value + 5);
  assertEquals(valuesOf(y, { inputs }), expected);
});

Deno.test("batchNorm() moves the running mean and the unbiased variance by the momentum", () => {
  const { state: after } = batchNorm({ momentum: 0.25 }).forward(params, x, { state, training });
  // The columns have means 3 and 25, and variances 14/3 and 500/3 over three degrees of freedom
  assertEquals(valuesOf(after.mean, { inputs }), [0.75, 6.25]);
  const [first, second] = valuesOf(after.variance, { inputs });
  assertAlmostEquals(first, 0.75 + 0.25 * 14 / 3, 8 * UNIT_ROUNDOFF);
  assertAlmostEquals(second, 0.75 + 0.25 * 500 / 3, 256 * UNIT_ROUNDOFF);
});

Deno.test("batchNorm() compiled carries its running statistics from step to step as the reference does", () => {
  const layer = batchNorm();
  const { y, state: after } = layer.forward(params, x, { state, training });
  assertAgreesFor(5, { outputs: { y }, state: after }, { inputs });
});

Deno.test("batchNorm() uses the running statistics in predictions, and does not change them", () => {
  const layer = batchNorm({ epsilon: 0.25 });
  const { y, state: after } = layer.forward(params, x, { state, training: undefined });
  assertEquals(after, state);
  const at = { inputs: { ...inputs, mean: [1, 10], variance: [0.75, 3.75] } };
  assertEquals(valuesOf(y, at), [0, 5, 1, 15, 2, 25, 5, 35]);
});

Deno.test("batchNorm() has gradients that agree with central differences for given statistics too", () => {
  const layer = batchNorm();
  const dy = input("dy", [4, 2]);
  const context = { state, training: undefined };
  assertGradient({
    value: ({ x: at, ...others }) => sumOf(layer.forward(others as never, at, context).y),
    gradients({ x: at, ...others }) {
      const { dx, grads } = layer.backward(others as never, at, dy, context);
      return { x: dx, ...grads };
    },
    shapes: { x: [4, 2], scale: [2], shift: [2] },
    inputs: { dy: Array(8).fill(1), mean: [0.5, -1], variance: [2, 0.3] },
  });
});

Deno.test("batchNorm() rejects a batch of one sample, with a message that names the layer", () => {
  const net = network([relu(), batchNorm()], 2);
  const names = Object.fromEntries(
    net.parameters.map(({ name, shape }) => [name, input(name, shape)]),
  );
  const one = { samples: input("samples", [1], "integer"), step: input("step", [], "integer") };
  const wrong = () =>
    forward(net, names, input("x", [1, 2]), {
      state: { "batchNorm1.mean": state.mean, "batchNorm1.variance": state.variance },
      training: { seed: 1, ...one },
    });
  assertThrows(wrong, RangeError, "expected at least 2 samples a step");
  assertThrows(wrong, RangeError, "received 1, in layer 2 (batchNorm1)");
});

Deno.test("layerNorm() gives each sample mean 0 and variance 1 over its units, up to epsilon", () => {
  const wide = input("x", [3, 7]);
  const ones = { scale: input("scale", [7]), shift: input("shift", [7]) };
  const given = normalValues("x", [3, 7]);
  const at = { inputs: { x: given, scale: Array(7).fill(1), shift: Array(7).fill(0) } };
  const layer: Layer = layerNorm({ epsilon: 1e-3 });
  const { y } = layer.forward(ones, wide, { state: {}, training: undefined });
  const values = valuesOf(y, at);
  for (const row of [0, 1, 2]) {
    const part = (all: readonly number[]) => all.slice(7 * row, 7 * row + 7);
    const middle = mean(part(given));
    const variance = mean(part(given).map((value) => (value - middle) * (value - middle)));
    // Sums of 7 terms of size 3 at most, and a few operations on each
    assertLessOrEqual(Math.abs(mean(part(values))), 32 * UNIT_ROUNDOFF);
    const square = mean(part(values).map((value) => value * value));
    assertAlmostEquals(square, variance / (variance + 1e-3), 64 * UNIT_ROUNDOFF);
  }
});

/** Sum of all elements of a matrix. */
function sumOf(matrix: Tensor): Tensor {
  const size = sizeOf(matrix.shape);
  return reshape(sum(reshape(matrix, [1, size]), "columns"), []);
}
