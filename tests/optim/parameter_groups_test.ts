import { assertEquals, assertThrows } from "@std/assert";
import { dense, network } from "../../lib/nn/mod.ts";
import {
  adam,
  oneGroup,
  type Optimizer,
  parameterGroups,
  sgd,
  updateGroups,
  vectorOf,
  viewsOf,
} from "../../lib/train/mod.ts";
import { input } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";
import { NETWORK, PARAMETERS, VECTOR } from "../train/fixtures.ts";

Deno.test("oneGroup() stores all parameters one after the other", () => {
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

Deno.test("viewsOf() finds each parameter in the vector that vectorOf() makes", () => {
  for (const group of oneGroup(NETWORK)) {
    const inputs = Object.fromEntries(
      group.parameters.map(({ name, shape }) => [name, input(name, shape)]),
    );
    const vector = vectorOf(group, inputs);
    assertEquals(valuesOf(vector, { inputs: PARAMETERS }), VECTOR);
    for (const [name, view] of Object.entries(viewsOf(group, vector))) {
      assertEquals(view.shape, inputs[name].shape);
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

Deno.test("parameterGroups() rejects parameters that are missing, duplicate, or unknown", () => {
  const all = NETWORK.parameters.map(({ name }) => name);
  const group = (...names: string[]) => () => parameterGroups(NETWORK, { a: names });
  assertThrows(group(...WEIGHTS), RangeError, 'received "dense1.bias" 0 times');
  assertThrows(group(...all, "dense1.bias"), RangeError, 'received "dense1.bias" 2 times');
  assertThrows(group(...all, "dense3.bias"), RangeError, '"dense3.bias" which it does not have');
});

/** Names of the parameters of each group, with what keeps them small. */
function membersOf(groups: ReturnType<typeof updateGroups>) {
  return groups.map(({ name, parameters, regularization }) => [
    name,
    parameters.map(({ name }) => name),
    regularization,
  ]);
}

const ALL = ["dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias"];

Deno.test("updateGroups() makes one group of parameters with the same update rule", () => {
  const optimizer = adam();
  const plain = updateGroups(NETWORK, { optimizer });
  assertEquals(
    plain,
    oneGroup(NETWORK).map((group) => ({ ...group, optimizer, regularization: {} })),
  );
  const nothing = { l1: 0, l2: 0, weightDecay: 0 };
  assertEquals(updateGroups(NETWORK, { optimizer, regularization: nothing }), plain);
});

Deno.test("updateGroups() excludes biases from regularization", () => {
  const groups = updateGroups(NETWORK, { optimizer: sgd(), regularization: { l2: 0.1 } });
  assertEquals(membersOf(groups), [
    ["group1", ["dense1.weight", "dense2.weight"], { l2: 0.1 }],
    ["group2", ["dense1.bias", "dense2.bias"], {}],
  ]);
});

Deno.test("updateGroups() prefers a layer's option to the run's, and that to the optimizer's", () => {
  const layers = [
    dense({ units: 4 }),
    dense({ units: 3, regularization: { weightDecay: 0.3, maxNorm: 2 } }),
    dense({ units: 2, regularization: { weightDecay: 0 } }),
  ];
  const built = network(layers, 5);
  const optimizer: Optimizer = { ...sgd(), weightDecay: 0.1 };
  const byOptimizer = updateGroups(built, { optimizer });
  assertEquals(membersOf(byOptimizer), [
    ["group1", ["dense1.weight"], { weightDecay: 0.1 }],
    ["group2", ["dense1.bias", "dense2.bias", "dense3.weight", "dense3.bias"], {}],
    ["group3", ["dense2.weight"], { weightDecay: 0.3, maxNorm: 2 }],
  ]);
  const [first] = updateGroups(built, { optimizer, regularization: { weightDecay: 0.2, l1: 0.5 } });
  assertEquals(first?.regularization, { l1: 0.5, weightDecay: 0.2 });
});

Deno.test("updateGroups() gives parameters that an optimizer rejects to the other optimizer", () => {
  const others: Optimizer = adam();
  const seen: string[] = [];
  const optimizer: Optimizer = {
    ...sgd(),
    others,
    takes({ name, isHidden }) {
      seen.push(`${name} ${isHidden}`);
      return isHidden;
    },
  };
  const built = network([dense({ units: 4 }), dense({ units: 3 }), dense({ units: 2 })], 5);
  const groups = updateGroups(built, { optimizer });
  assertEquals(groups.map(({ optimizer }) => optimizer), [others, optimizer]);
  assertEquals(membersOf(groups)[1], ["group2", ["dense2.weight"], {}]);
  assertEquals(seen.filter((entry) => entry.endsWith("true")), ["dense2.weight true"]);
  const { others: _, ...alone } = optimizer;
  assertThrows(
    () => updateGroups(NETWORK, { optimizer: alone }),
    TypeError,
    'expected an optimizer that updates "dense1.weight": received none',
  );
  assertEquals(membersOf(updateGroups(NETWORK, { optimizer }))[0]?.[1], ALL);
});
