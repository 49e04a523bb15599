import { assertEquals, assertLess } from "@std/assert";
import { input } from "../../lib/tensor/mod.ts";
import others from "../fixtures/optimizers.json" with { type: "json" };
import schedulesOfTorch from "../fixtures/schedules.json" with { type: "json" };
import { backward, forward, type Tensors } from "../../lib/nn/mod.ts";
import {
  cosine,
  evaluationStep,
  type Optimizer,
  optimizers,
  orthogonalize,
  parametersName,
  predictionStep,
  schedules,
  slotName,
  trainingStep,
  updateGroups,
  viewsOf,
} from "../../lib/train/mod.ts";
import { valuesOf } from "../numbers.ts";
import {
  assertClose,
  BINDINGS,
  NETWORK,
  OPTIONS,
  PARAMETERS,
  TORCH,
  VECTOR,
} from "../train/fixtures.ts";
import { emptySlots, placed, sizeOfAll, updated } from "./updates.ts";
import { named as evaluated, take, type Values } from "../train/walk.ts";

/**
 * Double precision has a unit roundoff of 1.1e-16; sums of a few terms, and twenty steps that stretch
 * an error at most a few times each, stay far below this part of the largest number.
 */
const TOLERANCE = 1e-10;

const sgd = optimizers.create({ name: "sgd" });
const labels = input("labels", [7], "integer");
const x = input("x", [7, 5]);
const context = { state: {}, training: undefined };
const parameters = Object.fromEntries(
  NETWORK.parameters.map(({ name, shape }) => [name, input(name, shape)]),
);
const bindings = { inputs: { ...PARAMETERS, x: TORCH.x, labels: TORCH.labels } };

Deno.test("forward() agrees with PyTorch's logits, losses and probabilities", () => {
  const { y } = forward(NETWORK, parameters, x, context);
  const { loss, probabilities } = OPTIONS.loss.forward(y, labels);
  assertClose(valuesOf(y, bindings), TORCH.logits, TOLERANCE, "logits");
  assertClose(valuesOf(loss, bindings), TORCH.losses, TOLERANCE, "losses");
  assertClose(valuesOf(probabilities, bindings), TORCH.probabilities, TOLERANCE, "probabilities");
});

Deno.test("backward() agrees with PyTorch's gradients", () => {
  const passed = forward(NETWORK, parameters, x, context);
  const dy = OPTIONS.loss.backward(passed.y, labels);
  const grads = evaluated(backward(NETWORK, parameters, passed, { dy, context }).grads, bindings);
  const expected: Values = TORCH.gradients;
  assertEquals(Object.keys(grads), Object.keys(expected));
  for (const [name, gradient] of Object.entries(expected)) {
    assertClose(grads[name] ?? [], gradient, TOLERANCE, name);
  }
});

Deno.test("trainingStep() agrees with PyTorch's mean loss, correct predictions and norm of the gradient", () => {
  const step = trainingStep({ ...OPTIONS, groups: updateGroups(NETWORK, { optimizer: sgd }) });
  const inputs = { ...BINDINGS.inputs, step: [1], learningRate: [0.1] };
  const { outputs } = take(step, { "all.parameters": VECTOR }, { ...BINDINGS, inputs });
  const mean = TORCH.losses.reduce((sum, loss) => sum + loss, 0) / TORCH.losses.length;
  assertClose(outputs.loss ?? [], [mean], TOLERANCE, "loss");
  assertClose(outputs.gradientNorm ?? [], [TORCH.gradientNorm], TOLERANCE, "gradientNorm");
  assertEquals(outputs.correct, [TORCH.correct]);
});

Deno.test("evaluationStep() and predictionStep() agree with PyTorch's losses and probabilities", () => {
  const state = { "all.parameters": VECTOR };
  const { outputs } = take(evaluationStep(OPTIONS), state, BINDINGS);
  assertClose(outputs.loss ?? [], TORCH.losses, TOLERANCE, "losses");
  assertClose(outputs.probabilities ?? [], TORCH.probabilities, TOLERANCE, "probabilities");
  const rows = { ...BINDINGS, inputs: { rows: BINDINGS.inputs.rows } };
  const prediction = take(predictionStep(OPTIONS), state, rows);
  assertEquals(prediction.outputs, { probabilities: outputs.probabilities ?? [] });
});

for (const { optimizer: given, ...torch } of [...TORCH.runs, ...others.runs]) {
  Deno.test(`twenty steps of ${JSON.stringify(given)} agree with PyTorch`, () => {
    const named = optimizers.schema.parse(given);
    assertEquals(named, given as typeof named); // the fixture names every option
    const optimizer: Optimizer = optimizers.create(named);
    const groups = updateGroups(NETWORK, { optimizer });
    const step = trainingStep({ ...OPTIONS, groups });
    const first = groups.flatMap((group) => [
      [parametersName(group), group.parameters.flatMap(({ name }) => PARAMETERS[name] ?? [])],
      ...Object.entries(emptySlots(optimizer, group.size)).map((
        [slot, zeros],
      ) => [slotName(group, slot), zeros]),
    ]);
    let state: Values = Object.fromEntries(first);
    const seen: number[] = [];
    for (const [index, rate] of torch.rates.entries()) {
      const inputs = { ...BINDINGS.inputs, step: [index + 1], learningRate: [rate] };
      const after = take(step, state, { ...BINDINGS, inputs });
      state = after.state;
      seen.push(...after.outputs.loss ?? []);
    }
    assertClose(seen, torch.losses, TOLERANCE, "losses");
    const views: Tensors = Object.assign(
      {},
      ...groups.map((group) => viewsOf(group, input(parametersName(group), [group.size]))),
    );
    const after = evaluated(views, { inputs: state });
    for (const [name, values] of Object.entries(torch.parameters)) {
      assertClose(after[name] ?? [], values, TOLERANCE, name);
    }
  });
}

for (const { optimizer: given, parameters: expected } of others.writtenOut.runs) {
  Deno.test(`five updates by ${JSON.stringify(given)} agree with the paper's, written out in NumPy`, () => {
    const { rate, shapes, parameters: start, gradients } = others.writtenOut;
    const optimizer: Optimizer = optimizers.create(optimizers.schema.parse(given));
    const names = Object.keys(expected) as (keyof typeof shapes)[];
    const parameters = placed(Object.fromEntries(names.map((name) => [name, shapes[name]])));
    const after = updated(optimizer, parameters);
    const size = sizeOfAll(parameters);
    let state: Values = {
      params: names.flatMap((name) => start[name]),
      ...emptySlots(optimizer, size),
    };
    for (let index = 0; index < 5; index++) {
      const grads = names.flatMap((name) => gradients[name][index] ?? []);
      state = evaluated(after, { inputs: { ...state, grads, rate: [rate], step: [index + 1] } });
    }
    assertClose(state.params ?? [], Object.values(expected).flat(), TOLERANCE, "parameters");
  });
}

for (const { shape, matrix, polar, newtonSchulz } of others.orthogonalized) {
  Deno.test(`orthogonalize() of a matrix [${shape}] agrees with NumPy, and is near its polar factor`, () => {
    const turned = valuesOf(orthogonalize(input("g", shape)), { inputs: { g: matrix } });
    assertClose(turned, newtonSchulz, TOLERANCE, "Newton and Schulz");
    // U (s' − I) Vᵀ for singular values s' between 0.6818 and 1.1344: each of min(m, n) is off by less
    const distance = Math.sqrt(turned.reduce((sum, x, i) => sum + (x - (polar[i] ?? NaN)) ** 2, 0));
    assertLess(distance, (1 - 0.6818) * Math.sqrt(Math.min(...shape)));
  });
}

for (const { schedule: given, stepsPerEpoch, scores = [], rates } of others.schedules) {
  Deno.test(`the rates of ${JSON.stringify(given)} agree with PyTorch`, () => {
    const named = schedules.schema.parse(given);
    assertEquals(named, given as typeof named); // the fixture names every option
    const rate = schedules.create(named);
    const records = scores.map((value, index) => ({
      step: (index + 1) * stepsPerEpoch,
      validation: { loss: value, accuracy: value },
    }));
    const run = { steps: rates.length, stepsPerEpoch, scores: records };
    const own = rates.map((_, index) => rate(index + 1, run));
    // PyTorch multiplies its way from rate to rate: a few roundings a step
    assertClose(own, rates, 4 * rates.length * 2 ** -53, "rates");
  });
}

for (const { from, to, rates } of schedulesOfTorch.cosine) {
  Deno.test(`cosine() from ${from} to ${to} in ${rates.length} steps agrees with PyTorch`, () => {
    const rate = cosine({ from, to });
    const run = { steps: rates.length, stepsPerEpoch: rates.length, scores: [] };
    const own = rates.map((_, index) => rate(index + 1, run));
    // PyTorch multiplies its way from rate to rate: a few roundings a step
    assertClose(own, rates, 4 * rates.length * 2 ** -53, "rates");
  });
}
