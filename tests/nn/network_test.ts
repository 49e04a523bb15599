import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import {
  backward,
  dense,
  forward,
  initialLayerState,
  initialParameters,
  network,
  originsOf,
  relu,
  softmaxCrossEntropy,
  type Tensors,
} from "../../lib/nn/mod.ts";
import { add, div, input, key, normal, reshape, sum, type Tensor } from "../../lib/tensor/mod.ts";
import { deepFrozen, valuesOf } from "../numbers.ts";
import { centre, keepHalf } from "./examples.ts";
import { assertGradient } from "./gradient.ts";

const he = { name: "heNormal" } as const;
const SMALL = network(
  [dense({ units: 4, initializer: he }), relu(), dense({ units: 3, initializer: he })],
  5,
);
const INFERENCE = { state: {}, training: undefined };

/** Named inputs for all parameters. */
function inputsFor({ parameters }: typeof SMALL): Tensors {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, input(name, shape)]));
}

Deno.test("network() names the parameters by layer, with their shapes, in order", () => {
  assertEquals(SMALL.parameters.map(({ name, shape, role }) => ({ name, shape, role })), [
    { name: "dense1.weight", shape: [5, 4], role: "weight" },
    { name: "dense1.bias", shape: [4], role: "bias" },
    { name: "dense2.weight", shape: [4, 3], role: "weight" },
    { name: "dense2.bias", shape: [3], role: "bias" },
  ]);
  assertEquals([SMALL.inputs, SMALL.outputs], [5, 3]);
});

Deno.test("network() rejects an empty list of layers", () => {
  assertThrows(() => network([], 5), TypeError, "expected at least one layer");
});

Deno.test("initialParameters() do not change if a layer of another kind is inserted", () => {
  const hidden = dense({ units: 4, initializer: he });
  const other = network([hidden, centre(), relu(), dense({ units: 3, initializer: he })], 5);
  const [ours, theirs] = [initialParameters(SMALL, 7), initialParameters(other, 7)];
  for (const { name } of SMALL.parameters) {
    assertEquals(valuesOf(ours[name]), valuesOf(theirs[name]));
  }
});

Deno.test("initialParameters() uses a key named for each weight; biases are zero", () => {
  const initial = initialParameters(SMALL, 7);
  const expected = valuesOf(normal(key(7, "initialize", "dense2.weight"), [4, 3]))
    .map((x) => x * Math.sqrt(2 / 4));
  assertEquals(valuesOf(initial["dense2.weight"]), expected);
  assertEquals(valuesOf(initial["dense2.bias"]), [0, 0, 0]);
});

Deno.test("forward() and backward() of a whole network agree with central differences", () => {
  const labels = input("labels", [7], "integer");
  const loss = softmaxCrossEntropy();
  const pass = ({ x, ...params }: Tensors) => {
    const passed = forward(SMALL, params, x, INFERENCE);
    const dy = loss.backward(passed.y, labels);
    return { passed, ...backward(SMALL, params, passed, { dy, context: INFERENCE }) };
  };
  assertGradient({
    value(args) {
      const { loss: each } = loss.forward(pass(args).passed.y, labels);
      return div(reshape(sum(reshape(each, [1, 7]), "columns"), []), 7);
    },
    gradients(args) {
      const { dx, grads } = pass(args);
      return { x: dx, ...grads };
    },
    shapes: {
      x: [7, 5],
      ...Object.fromEntries(SMALL.parameters.map(({ name, shape }) => [name, shape])),
    },
    inputs: { labels: [0, 2, 1, 1, 0, 2, 2] },
  });
});

Deno.test("forward() does not change network, parameters and input", () => {
  const x = deepFrozen(input("x", [2, 5]));
  const passed = forward(SMALL, deepFrozen(inputsFor(SMALL)), x, deepFrozen(INFERENCE));
  const dy = deepFrozen(input("dy", [2, 3]));
  backward(SMALL, inputsFor(SMALL), deepFrozen(passed), { dy, context: INFERENCE });
});

Deno.test("forward() names the operation, both shapes and the layer if shapes do not fit", () => {
  const wrong = () => forward(SMALL, inputsFor(SMALL), input("x", [2, 6]), INFERENCE);
  assertThrows(
    wrong,
    TypeError,
    "Cannot matmul: expected as many columns on the left as rows on the right: " +
      "received [2, 6] and [5, 4], in layer 1 (dense1)",
  );
});

Deno.test("backward() names the layer if shapes do not fit", () => {
  const passed = forward(SMALL, inputsFor(SMALL), input("x", [2, 5]), INFERENCE);
  const dy = input("dy", [2, 2]);
  const wrong = () => backward(SMALL, inputsFor(SMALL), passed, { dy, context: INFERENCE });
  assertThrows(wrong, TypeError, "received [2, 2] and [3, 4], in layer 3 (dense2)");
});

Deno.test("forward() names a missing parameter", () => {
  const { "dense2.bias": _, ...rest } = inputsFor(SMALL);
  const wrong = () => forward(SMALL, rest, input("x", [2, 5]), INFERENCE);
  assertThrows(wrong, TypeError, 'expected a tensor "dense2.bias"');
});

Deno.test("originsOf() names the layer and pass of every node, the first that reaches it", () => {
  const x = input("x", [2, 5]);
  const passed = forward(SMALL, inputsFor(SMALL), x, INFERENCE);
  const dy = input("dy", [2, 3]);
  const { grads, origins: ofBackward } = backward(SMALL, inputsFor(SMALL), passed, {
    dy,
    context: INFERENCE,
  });
  const origins = originsOf([
    { name: "input", tensors: [x, dy] },
    ...passed.origins,
    ...ofBackward,
  ]);
  assertEquals(origins.get(x), "input");
  assertEquals(origins.get(passed.y), "forward of layer 3 (dense2)");
  assertEquals(origins.get(passed.inputs[1]), "forward of layer 1 (dense1)");
  assertEquals(origins.get(grads["dense1.weight"]), "backward of layer 1 (dense1)");
  assertEquals(origins.get(grads["dense2.bias"]), "backward of layer 3 (dense2)");
});

Deno.test("originsOf() accepts an expression deeper than the stack", () => {
  let deep = input("x", []);
  for (let i = 0; i < 100_000; i++) deep = add(deep, 1);
  assertEquals(originsOf([{ name: "deep", tensors: [deep] }]).get(deep), "deep");
});

Deno.test("forward() passes on a layer's state and returns its successor, under the layer's name", () => {
  const centred = network([centre(), relu()], 2);
  assertEquals(centred.state, [{ name: "centre1.mean", shape: [2], first: 0 }]);
  assertEquals(valuesOf(initialLayerState(centred)["centre1.mean"]), [0, 0]);

  const state = { "centre1.mean": input("mean", [2]) };
  const x = input("x", [2, 2]);
  const bindings = { inputs: { mean: [0, 4], x: [1, 2, 3, 4] } };
  const training = { seed: 1, samples: input("rows", [2], "integer"), step: input("step", []) };
  const trained = forward(centred, {}, x, { state, training });
  // The batch's means are 2 and 3
  assertEquals(valuesOf(trained.state["centre1.mean"], bindings), [1, 3.5]);
  assertEquals(valuesOf(trained.y, bindings), [0, 0, 2, 0.5]);
  const asked = forward(centred, {}, x, { state, training: undefined });
  assertEquals(valuesOf(asked.y, bindings), [1, 0, 3, 0]);
});

Deno.test("forward() draws random numbers by sample and step, independently of the place in the batch", () => {
  const dropping = network([keepHalf(), keepHalf()], 1);
  const samples = input("rows", [64], "integer");
  const training = { seed: 1, samples, step: input("step", [], "integer") };
  const drawn = forward(dropping, {}, input("x", [64, 1]), { state: {}, training });
  const [first, second] = [drawn.inputs[1], drawn.y];
  const kept = (tensor: Tensor, rows: readonly number[], step: number) =>
    valuesOf(tensor, { inputs: { x: Array(64).fill(1), rows, step: [step] } });

  const rows = Array.from({ length: 64 }, (_, i) => i);
  const forwards = kept(first, rows, 1);
  assertEquals(kept(first, rows.toReversed(), 1), forwards.toReversed());
  assertNotEquals(kept(first, rows, 2), forwards);
  assertNotEquals(kept(second, rows, 1), forwards); // two layers do not draw the same numbers
  // 64 fair coins: 32 ± 4 standard deviations of 4 each
  const count = forwards.filter((y) => y === 1).length;
  assert(16 <= count && count <= 48, `${count} of 64`);
});
