import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { topologicalOrder } from "../../lib/tensor/graph.ts";
import { dense, network } from "../../lib/nn/mod.ts";
import {
  adam,
  evaluationStep,
  initialState,
  parameterGroups,
  predictionStep,
  sgd,
  shiftOf,
  type Step,
  trainingStep,
  updateGroups,
} from "../../lib/train/mod.ts";
import { source } from "../../lib/tensor/mod.ts";
import { deepFrozen, UNIT_ROUNDOFF } from "../numbers.ts";
import { centre } from "../nn/examples.ts";
import { BINDINGS, NETWORK, OPTIONS, TORCH, VECTOR } from "./fixtures.ts";
import { named, take } from "./walk.ts";
import { sizeOf } from "../../lib/tensor/tensor.ts";

const ADAM = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
const WITH_STEP = {
  ...BINDINGS,
  inputs: { ...BINDINGS.inputs, step: [1], learningRate: [0.1] },
};

/** Names of the inputs that a step reads, sorted. */
function inputsOf({ outputs, state }: Step): string[] {
  const names = topologicalOrder([...Object.values(outputs), ...Object.values(state)])
    .flatMap(({ operation }) => operation.kind === "input" ? [operation.name] : []);
  return [...new Set(names)].sort();
}

Deno.test("trainingStep() reads the declared inputs and state, and maps the whole state", () => {
  const options = { ...OPTIONS, groups: updateGroups(NETWORK, { optimizer: ADAM }) };
  const step = trainingStep(options);
  const state = ["all.first", "all.parameters", "all.second"];
  assertEquals(inputsOf(step), [...state, "labels", "learningRate", "rows", "step"]);
  assertEquals(Object.keys(step.state).sort(), state);
  assertEquals(Object.keys(initialState(options)).sort(), state);
  for (const [name, { shape }] of Object.entries(initialState(options))) {
    assertEquals(step.state[name]?.shape, shape);
  }
  for (const { shape } of Object.values(step.outputs)) assertEquals(shape, []);
});

Deno.test("predictionStep() reads rows and parameters, evaluationStep() also labels, and no more", () => {
  assertEquals(inputsOf(predictionStep(OPTIONS)), ["all.parameters", "rows"]);
  assertEquals(inputsOf(evaluationStep(OPTIONS)), ["all.parameters", "labels", "rows"]);
});

Deno.test("trainingStep() never computes the gradient with respect to the images", () => {
  const { outputs, state } = trainingStep({
    ...OPTIONS,
    groups: updateGroups(NETWORK, { optimizer: sgd() }),
  });
  const shapes = topologicalOrder([...Object.values(outputs), ...Object.values(state)])
    .filter(({ operation }) => operation.kind === "matmul").map(({ shape }) => `${shape}`);
  // x W1, h W2, hᵀ dy, dy W2ᵀ, xᵀ dh; not dh W1ᵀ [7, 5]
  assertEquals(new Set(shapes), new Set(["7,4", "7,3", "4,3", "5,4"]));
});

Deno.test("trainingStep() with two groups gives the same bits as with one", () => {
  const groups = parameterGroups(NETWORK, {
    weights: ["dense1.weight", "dense2.weight"],
    biases: ["dense1.bias", "dense2.bias"],
  });
  const run = (given: typeof OPTIONS.groups) => {
    const groups = given.map((group) => ({ ...group, optimizer: ADAM, regularization: {} }));
    const options = { ...OPTIONS, seed: 3, groups };
    const after = take(trainingStep(options), named(initialState(options), {}), WITH_STEP);
    const views = groups.flatMap(({ name, parameters }) =>
      parameters.map(({ name: parameter, shape, offset }) => {
        const size = sizeOf(shape);
        const vector = after.state[`${name}.parameters`] ?? [];
        return [parameter, vector.slice(offset, offset + size)];
      })
    );
    return { parameters: Object.fromEntries(views), outputs: after.outputs };
  };
  const [one, two] = [run(OPTIONS.groups), run(groups)];
  assertEquals(two.parameters, one.parameters);
  assertEquals(two.outputs.loss, one.outputs.loss);
  // The norm's sum of 39 squares is taken in another order
  const [a = NaN] = one.outputs.gradientNorm ?? [];
  const [b = NaN] = two.outputs.gradientNorm ?? [];
  assertAlmostEquals(a, b, 39 * UNIT_ROUNDOFF * a);
});

Deno.test("trainingStep() shifts rows if the normalization has a mean, by shiftOf()", () => {
  const mean = Float32Array.of(0.5, 0, -1, 2, 0.25);
  const scale = Float32Array.of(2, 4, 0.5, 1, 8);
  const normalization = { name: "standardize", shift: mean, scale };
  const step = evaluationStep({ ...OPTIONS, normalization });
  assertEquals(inputsOf(step), ["all.parameters", "labels", "rows", "shift"]);
  // Powers of two: the products are exact, so both ways give the same bits
  const shifted = TORCH.x.map((x, i) => (x - (mean[i % 5] ?? 0)) * (scale[i % 5] ?? 0));
  const plain = { ...BINDINGS, sources: { x: { values: shifted, scale: 1 } } };
  const inputs = { ...BINDINGS.inputs, shift: shiftOf(normalization, 5) };
  const scaled = { inputs, sources: { x: { values: TORCH.x, scale } } };
  const state = { "all.parameters": VECTOR };
  const ours = take(step, state, scaled).outputs.probabilities ?? [];
  const theirs = take(evaluationStep(OPTIONS), state, plain).outputs.probabilities ?? [];
  // x s − m s is rounded at both products, (x − m) s at the difference: u of numbers up to 16, for
  // five features, through four units; weights below 1 and softmax make no error larger
  const tolerance = 16 * 5 * 4 * UNIT_ROUNDOFF;
  ours.forEach((p, i) => assertAlmostEquals(p, theirs[i] ?? NaN, tolerance));
});

Deno.test("shiftOf() repeats a single number for all features", () => {
  const normalization = { name: "standardize", shift: 0.5, scale: 4 };
  assertEquals(shiftOf(normalization, 3), Float32Array.of(2, 2, 2));
});

Deno.test("trainingStep() names the origin of every node", () => {
  const step = trainingStep({ ...OPTIONS, groups: updateGroups(NETWORK, { optimizer: ADAM }) });
  const nodes = topologicalOrder([...Object.values(step.outputs), ...Object.values(step.state)]);
  assert(nodes.every((node) => step.origins.has(node)));
  assertEquals([...new Set(step.origins.values())], [
    "input of the network",
    "state",
    "forward of layer 1 (dense1)",
    "forward of layer 2 (relu1)",
    "forward of layer 3 (dense2)",
    "loss",
    "backward of the loss",
    "backward of layer 3 (dense2)",
    "backward of layer 2 (relu1)",
    "backward of layer 1 (dense1)",
    "norm of the gradient",
    'update of group "all"',
  ]);
});

Deno.test("trainingStep() passes a layer's state from step to step; evaluationStep() reads it", () => {
  const centred = network([centre(), dense({ units: 3, initializer: { name: "heNormal" } })], 5);
  const options = {
    ...OPTIONS,
    network: centred,
    groups: updateGroups(centred, { optimizer: sgd() }),
    source: source("x", 5, "dense32"),
  };
  const first = named(initialState(options), {});
  assertEquals(first["centre1.mean"], [0, 0, 0, 0, 0]);
  const { state } = take(trainingStep(options), first, WITH_STEP);
  const means = [0, 1, 2, 3, 4].map((column) =>
    TORCH.x.filter((_, i) => i % 5 === column).reduce((sum, x) => sum + x, 0) / 7
  );
  assertEquals(state["centre1.mean"], means.map((mean) => mean / 2));
  assert(inputsOf(evaluationStep(options)).includes("centre1.mean"));
});

Deno.test("trainingStep() does not change its options", () => {
  trainingStep(deepFrozen({ ...OPTIONS, groups: updateGroups(NETWORK, { optimizer: ADAM }) }));
});
