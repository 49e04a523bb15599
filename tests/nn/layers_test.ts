import { assertEquals } from "@std/assert";
import {
  denseBackward,
  denseForward,
  layers,
  reluBackward,
  reluForward,
} from "../../lib/nn/mod.ts";
import { input } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

const params = { weight: input("weight", [2, 3]), bias: input("bias", [3]) };
const x = input("x", [2, 2]);
const dy = input("dy", [2, 3]);
const bindings = {
  inputs: {
    weight: [1, 2, 3, 4, 5, 6],
    bias: [10, 20, 30],
    x: [1, -1, 2, 0],
    dy: [1, 0, 0, 0, 1, -1],
  },
};

Deno.test("denseForward() computes x W + b", () => {
  assertEquals(valuesOf(denseForward(params, x), bindings), [7, 17, 27, 12, 24, 36]);
});

Deno.test("denseBackward() computes dW = xᵀ dy, db = Σ rows of dy, dx = dy Wᵀ", () => {
  const { dx, grads } = denseBackward(params, x, dy);
  assertEquals(valuesOf(grads.weight, bindings), [1, 2, -2, -1, 0, 0]);
  assertEquals(valuesOf(grads.bias, bindings), [1, 1, -1]);
  assertEquals(valuesOf(dx, bindings), [1, 4, -1, -1]);
});

Deno.test("reluForward() keeps positive numbers; reluBackward() passes the gradient there only", () => {
  const z = input("z", [1, 4]);
  const dz = input("dz", [1, 4]);
  const at = { inputs: { z: [-1, 0, 0.5, 2], dz: [5, 6, 7, 8] } };
  assertEquals(valuesOf(reluForward(z), at), [0, 0, 0.5, 2]);
  assertEquals(valuesOf(reluBackward(z, dz).dx, at), [0, 0, 7, 8]);
});

Deno.test("reluForward() propagates NaN", () => {
  assertEquals(valuesOf(reluForward(input("z", [1, 1])), { inputs: { z: [NaN] } }), [NaN]);
});

Deno.test("layers.dense uses He's normal initialization by default", () => {
  const named = layers.schema.parse({ name: "dense", units: 3 });
  assertEquals(named, { name: "dense", units: 3, initializer: { name: "heNormal" } });
});
