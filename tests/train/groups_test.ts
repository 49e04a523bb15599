import { assertEquals, assertThrows } from "@std/assert";
import { oneGroup, parameterGroups, vectorOf, viewsOf } from "../../lib/train/mod.ts";
import { input, type Tensor } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";
import { NETWORK, PARAMETERS, VECTOR } from "./fixtures.ts";

Deno.test("oneGroup() lays all parameters one after the other", () => {
  assertEquals(oneGroup(NETWORK), [{
    name: "all",
    parameters: [
      { name: "dense1.weight", shape: [5, 4], offset: 0 },
      { name: "dense1.bias", shape: [4], offset: 20 },
      { name: "dense2.weight", shape: [4, 3], offset: 24 },
      { name: "dense2.bias", shape: [3], offset: 36 },
    ],
    size: 39,
  }]);
});

Deno.test("viewsOf() finds each parameter in the vector that vectorOf() makes of them", () => {
  for (const group of oneGroup(NETWORK)) {
    const inputs = Object.fromEntries(
      group.parameters.map(({ name, shape }) => [name, input(name, shape)]),
    );
    const vector = vectorOf(group, inputs);
    assertEquals(valuesOf(vector, { inputs: PARAMETERS }), VECTOR);
    for (const [name, view] of Object.entries(viewsOf(group, vector))) {
      assertEquals(view.shape, (inputs[name] as Tensor).shape);
      assertEquals(valuesOf(view, { inputs: PARAMETERS }), PARAMETERS[name]);
    }
  }
});

const WEIGHTS = ["dense1.weight", "dense2.weight"];

Deno.test("parameterGroups() keeps the network's order within each group", () => {
  const groups = parameterGroups(NETWORK, {
    weights: WEIGHTS.toReversed(),
    biases: ["dense1.bias", "dense2.bias"],
  });
  assertEquals(
    groups.map(({ name, size, parameters }) => [name, size, parameters.map(({ name }) => name)]),
    [["weights", 32, WEIGHTS], ["biases", 7, ["dense1.bias", "dense2.bias"]]],
  );
});

Deno.test("parameterGroups() refuses a parameter left out, taken twice, or unknown", () => {
  const all = NETWORK.parameters.map(({ name }) => name);
  const group = (...names: string[]) => () => parameterGroups(NETWORK, { a: names });
  assertThrows(group(...WEIGHTS), RangeError, 'received "dense1.bias" 0 times');
  assertThrows(group(...all, "dense1.bias"), RangeError, 'received "dense1.bias" 2 times');
  assertThrows(group(...all, "dense3.bias"), RangeError, '"dense3.bias" which it does not have');
});
