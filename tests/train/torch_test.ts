import { assert, assertEquals } from "@std/assert";
import { fill, input } from "../../lib/tensor/mod.ts";
import schedulesOfTorch from "../fixtures/schedules.json" with { type: "json" };
import { backward, forward } from "../../lib/nn/mod.ts";
import {
  cosine,
  evaluationStep,
  type Optimizer,
  optimizers,
  predictionStep,
  trainingStep,
  updateGroups,
  viewsOf,
} from "../../lib/train/mod.ts";
import { valuesOf } from "../numbers.ts";
import { assertClose, BINDINGS, NETWORK, OPTIONS, PARAMETERS, TORCH, VECTOR } from "./fixtures.ts";
import { named, take, type Values } from "./walk.ts";

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

Deno.test("forward() gives the logits, losses and probabilities of PyTorch", () => {
  const { y } = forward(NETWORK, parameters, x, context);
  const { loss, probabilities } = OPTIONS.loss.forward(y, labels);
  assertClose(valuesOf(y, bindings), TORCH.logits, TOLERANCE, "logits");
  assertClose(valuesOf(loss, bindings), TORCH.losses, TOLERANCE, "losses");
  assertClose(valuesOf(probabilities, bindings), TORCH.probabilities, TOLERANCE, "probabilities");
});

Deno.test("backward() gives the gradients of PyTorch", () => {
  const passed = forward(NETWORK, parameters, x, context);
  const dy = OPTIONS.loss.backward(passed.y, labels);
  const grads = named(backward(NETWORK, parameters, passed, { dy, context }).grads, bindings);
  const expected: Values = TORCH.gradients;
  assertEquals(Object.keys(grads), Object.keys(expected));
  for (const [name, gradient] of Object.entries(expected)) {
    assertClose(grads[name] ?? [], gradient, TOLERANCE, name);
  }
});

Deno.test("trainingStep() gives PyTorch's mean loss, right predictions and norm of the gradient", () => {
  const step = trainingStep({ ...OPTIONS, groups: updateGroups(NETWORK, { optimizer: sgd }) });
  const inputs = { ...BINDINGS.inputs, step: [1], learningRate: [0.1] };
  const { outputs } = take(step, { "all.parameters": VECTOR }, { ...BINDINGS, inputs });
  const mean = TORCH.losses.reduce((sum, loss) => sum + loss, 0) / TORCH.losses.length;
  assertClose(outputs.loss ?? [], [mean], TOLERANCE, "loss");
  assertClose(outputs.gradientNorm ?? [], [TORCH.gradientNorm], TOLERANCE, "gradientNorm");
  assertEquals(outputs.correct, [TORCH.correct]);
});

Deno.test("evaluationStep() gives PyTorch's losses and probabilities; predictionStep() too", () => {
  const state = { "all.parameters": VECTOR };
  const { outputs } = take(evaluationStep(OPTIONS), state, BINDINGS);
  assertClose(outputs.loss ?? [], TORCH.losses, TOLERANCE, "losses");
  assertClose(outputs.probabilities ?? [], TORCH.probabilities, TOLERANCE, "probabilities");
  const rows = { ...BINDINGS, inputs: { rows: BINDINGS.inputs.rows } };
  const prediction = take(predictionStep(OPTIONS), state, rows);
  assertEquals(prediction.outputs, { probabilities: outputs.probabilities ?? [] });
});

for (const { optimizer: given, rates, losses, parameters: expected } of TORCH.runs) {
  Deno.test(`twenty steps of ${JSON.stringify(given)} lead where PyTorch's lead`, () => {
    const named = optimizers.schema.parse(given);
    assertEquals(named, given as typeof named); // the fixture names every option
    const optimizer: Optimizer = optimizers.create(named);
    const step = trainingStep({ ...OPTIONS, groups: updateGroups(NETWORK, { optimizer }) });
    const [group] = OPTIONS.groups;
    assert(group);
    const zeros = optimizer.slots.map((slot) => [`all.${slot}`, Array(group.size).fill(0)]);
    let state: Values = { "all.parameters": VECTOR, ...Object.fromEntries(zeros) };
    const seen: number[] = [];
    for (const [index, rate] of rates.entries()) {
      const inputs = { ...BINDINGS.inputs, step: [index + 1], learningRate: [rate] };
      const after = take(step, state, { ...BINDINGS, inputs });
      state = after.state;
      seen.push(...after.outputs.loss ?? []);
    }
    assertClose(seen, losses, TOLERANCE, "losses");
    const views = viewsOf(group, input("all.parameters", [group.size]));
    for (const [name, values] of Object.entries(expected)) {
      const view = valuesOf(views[name] ?? fill(NaN, []), { inputs: state });
      assertClose(view, values, TOLERANCE, name);
    }
  });
}

for (const { from, to, rates } of schedulesOfTorch.cosine) {
  Deno.test(`cosine() from ${from} to ${to} in ${rates.length} steps is PyTorch's`, () => {
    const rate = cosine({ from, to });
    const run = { steps: rates.length, stepsPerEpoch: rates.length, scores: [] };
    const own = rates.map((_, index) => rate(index + 1, run));
    // PyTorch multiplies its way from rate to rate: a few roundings a step
    assertClose(own, rates, 4 * rates.length * 2 ** -53, "rates");
  });
}
