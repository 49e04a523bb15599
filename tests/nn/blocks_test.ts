import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { withoutDefaults } from "../../lib/config/defaults.ts";
import { jsonSchema } from "../../lib/config/schemas/json_schema.ts";
import {
  batchNorm,
  dense,
  dropout,
  forward,
  initialLayerState,
  initialParameters,
  layers,
  maxoutBackward,
  maxoutForward,
  network,
  relu,
  residual,
} from "../../lib/nn/mod.ts";
import { input, key, normal } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const MAXOUT = { weight: input("weight", [2, 4]), bias: input("bias", [4]) };

Deno.test("maxoutForward() returns the largest of neighbouring columns; maxoutBackward() uses the first", () => {
  const x = input("x", [2, 2]);
  const inputs = {
    x: [1, 0, 0, 1],
    weight: [1, 2, 3, 3, 5, 4, -1, -2],
    bias: [0, 0, 0, 0],
    dy: [10, 20, 30, 40],
  };
  // The rows of x W are those of W: pieces (1, 2) and (3, 3), (5, 4) and (−1, −2)
  assertEquals(valuesOf(maxoutForward(MAXOUT, x, 2), { inputs }), [2, 3, 5, -1]);
  const { dx, grads } = maxoutBackward(MAXOUT, x, input("dy", [2, 2]), 2);
  assertEquals(valuesOf(grads.weight, { inputs }), [0, 10, 20, 0, 30, 0, 40, 0]);
  assertEquals(valuesOf(grads.bias, { inputs }), [30, 10, 60, 0]);
  assertEquals(valuesOf(dx, { inputs }), [80, 20, 150, 110]);
});

Deno.test("residual() adds its input to the output of its layers", () => {
  const block = residual([relu()]);
  const x = input("x", [1, 3]);
  const context = { state: {}, training: undefined };
  const at = { inputs: { x: [-1, 0, 2], dy: [1, 1, 1] } };
  assertEquals(valuesOf(block.forward({}, x, context).y, at), [-1, 0, 4]);
  const { dx } = block.backward({}, x, input("dy", [1, 3]), context);
  assertEquals(valuesOf(dx, at), [1, 1, 2]);
});

const BLOCKS = network([
  dense({ units: 4 }),
  residual([dense({ units: 6 }), batchNorm(), dense({ units: 4 })]),
  residual([dense({ units: 4 })]),
], 3);

Deno.test("residual() names its layers' tensors after the block and themselves", () => {
  assertEquals(BLOCKS.parameters.map(({ name }) => name), [
    "dense1.weight",
    "dense1.bias",
    "residual1.dense1.weight",
    "residual1.dense1.bias",
    "residual1.batchNorm1.scale",
    "residual1.batchNorm1.shift",
    "residual1.dense2.weight",
    "residual1.dense2.bias",
    "residual2.dense1.weight",
    "residual2.dense1.bias",
  ]);
  assertEquals(Object.keys(initialLayerState(BLOCKS)), [
    "residual1.batchNorm1.mean",
    "residual1.batchNorm1.variance",
  ]);
  const initial = initialParameters(BLOCKS, 7)["residual2.dense1.weight"];
  const drawn = valuesOf(normal(key(7, "initialize", "residual2.dense1.weight"), [4, 4]));
  assertEquals(valuesOf(initial), drawn.map((x) => x * Math.sqrt(2 / 4)));
});

Deno.test("residual() passes on its layers' states and returns their successors", () => {
  const block = network([residual([batchNorm({ momentum: 0.5 })])], 1);
  const [mean, variance] = ["residual1.batchNorm1.mean", "residual1.batchNorm1.variance"];
  const state = { [mean]: input("mean", [1]), [variance]: input("variance", [1]) };
  const params = Object.fromEntries(
    block.parameters.map(({ name, shape }) => [name, input(name, shape)]),
  );
  const training = { seed: 1, samples: input("rows", [2], "integer"), step: input("step", []) };
  const { state: after } = forward(block, params, input("x", [2, 1]), { state, training });
  const at = { inputs: { x: [1, 5], mean: [1], variance: [2] } };
  assertEquals(Object.keys(after), [mean, variance]);
  // The batch has mean 3, and variance 8 over one degree of freedom
  assertEquals(valuesOf(after[mean], at), [2]);
  assertEquals(valuesOf(after[variance], at), [5]);
});

Deno.test("residual() gives each of its layers its own random numbers", () => {
  const drawn = (net: ReturnType<typeof network>) => {
    const training = {
      seed: 1,
      samples: input("rows", [8], "integer"),
      step: input("step", [], "integer"),
    };
    const { y } = forward(net, {}, input("x", [8, 16]), { state: {}, training });
    const rows = Array.from({ length: 8 }, (_, row) => row);
    return valuesOf(y, { inputs: { x: Array(128).fill(1), rows, step: [1] } });
  };
  const half = dropout({ rate: 0.5 });
  const alone = drawn(network([half], 16));
  const within = drawn(network([residual([half])], 16));
  assertNotEquals(within, alone.map((y) => 1 + y));
  assertEquals(new Set(within), new Set([1, 3]));
  // Two layers that draw for themselves keep a quarter: 32 of 128, the standard deviation is 4.9
  const twice = drawn(network([residual([half, half])], 16)).filter((y) => y === 5).length;
  assert(32 - 20 < twice && twice < 32 + 20, `${twice} of 128`);
});

Deno.test("residual() rejects layers that change the width, with a message that names the block", () => {
  assertThrows(
    () => network([relu(), residual([dense({ units: 3 })])], 5),
    RangeError,
    "expected a last layer of 5 outputs, as many as the inputs of the first: received 3, " +
      "in layer 2 (residual1)",
  );
});

Deno.test("residual() names the layer that a shape does not fit", () => {
  const params = Object.fromEntries(
    BLOCKS.parameters.map(({ name }) => [name, input(name, [2, 2])]),
  );
  const good = { ...params, "dense1.weight": input("w", [3, 4]), "dense1.bias": input("b", [4]) };
  const state = initialLayerState(BLOCKS);
  assertThrows(
    () => forward(BLOCKS, good, input("x", [2, 3]), { state, training: undefined }),
    TypeError,
    "received [2, 4] and [2, 2], in layer 1 (dense1), in layer 2 (residual1)",
  );
});

Deno.test("layers.residual fills in the defaults of its layers and rejects nested blocks", () => {
  const parsed = layers.schema.parse({ name: "residual", layers: [{ name: "batchNorm" }] });
  assertEquals(parsed, {
    name: "residual",
    layers: [{ name: "batchNorm", momentum: 0.1, epsilon: 1e-5 }],
  });
  const nested = { name: "residual", layers: [{ name: "residual", layers: [{ name: "relu" }] }] };
  assertEquals(layers.schema.safeParse(nested).success, false);
});

Deno.test("layers.residual gives the same run with explicit and with omitted defaults", () => {
  const bare = { name: "residual", layers: [{ name: "dense", units: 3 }, { name: "batchNorm" }] };
  const schema = jsonSchema(layers.schema);
  assertEquals(withoutDefaults(layers.schema.parse(bare), schema), bare);
});
