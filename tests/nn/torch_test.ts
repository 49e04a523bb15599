/** Layers and losses beside PyTorch's: numbers by `tests/fixtures/make_layers.py`. */
import { assertEquals, assertLessOrEqual } from "@std/assert";
import fixture from "../fixtures/layers.json" with { type: "json" };
import { evaluate } from "../../lib/engine/reference/reference.ts";
import {
  backward,
  dropoutBackward,
  dropoutForward,
  forward,
  layers,
  losses,
  type Network,
  network,
  type Tensors,
} from "../../lib/nn/mod.ts";
import { input, lessOrEqual, mul, sub, type Tensor } from "../../lib/tensor/mod.ts";
import { valuesOf } from "../numbers.ts";

/**
 * Double precision has a unit roundoff of 1.1e-16; sums of a few terms, and twenty steps that stretch
 * an error at most a few times each, stay far below this part of the largest number.
 */
const TOLERANCE = 1e-10;

const BATCH = 7;
const INPUTS = 5;

/** Elements by name. */
type Values = Readonly<Record<string, readonly number[]>>;

function assertClose(actual: readonly number[], expected: readonly number[], what: string): void {
  const size = Math.max(...expected.map(Math.abs));
  assertEquals(actual.length, expected.length, what);
  for (const [index, value] of expected.entries()) {
    const distance = Math.abs(value - (actual[index] ?? NaN));
    assertLessOrEqual(distance, TOLERANCE * size, `${what}[${index}]`);
  }
}

/** Named inputs for all parameters, or all states, of a network. */
function namedInputs(specs: Network["parameters"] | Network["state"]): Tensors {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, shape)]));
}

const x = input("x", [BATCH, INPUTS]);
const labels = input("labels", [BATCH], "integer");
const DATA = { x: fixture.x, labels: fixture.labels };

/** The network of a run, and its loss. */
function built(run: typeof fixture.runs[number]) {
  const named = run.layers.map((layer) => layers.schema.parse(layer));
  const loss = losses.schema.parse(run.loss);
  assertEquals(loss, run.loss as typeof loss); // the fixture names every option
  const net = network(named.map((layer) => layers.create(layer)), INPUTS);
  return { net, loss: losses.create(loss) };
}

/** A step of gradient descent as expressions: losses, parameters and states after it. */
function stepOf(run: typeof fixture.runs[number]): { each: Tensor; after: Tensors } {
  const { net, loss } = built(run);
  const params = namedInputs(net.parameters);
  const training = { seed: 1, samples: labels, step: input("step", [], "integer") };
  const context = { state: namedInputs(net.state), training };
  const passed = forward(net, params, x, context);
  const dy = loss.backward(passed.y, labels);
  const { grads } = backward(net, params, passed, { dy, context });
  const moved = Object.entries(params).map(([name, parameter]) => [
    name,
    sub(parameter, mul(grads[name], run.rate)),
  ]);
  const { loss: each } = loss.forward(passed.y, labels);
  return { each, after: { ...Object.fromEntries(moved), ...passed.state } };
}

const describe = (named: readonly { readonly name: string }[]) =>
  named.map((one) => JSON.stringify(one)).join(" ");

for (const run of fixture.runs) {
  Deno.test(`twenty steps of ${describe(run.layers)} by ${describe([run.loss])} agree with PyTorch`, () => {
    const { each, after } = stepOf(run);
    let values: Values = run.before;
    const means: number[] = [];
    for (let step = 1; step <= run.losses.length; step++) {
      const inputs = { ...DATA, ...values, step: [step] };
      const [first = [], ...others] = evaluate([each, ...Object.values(after)], { inputs }, "f64");
      means.push([...first].reduce((sum, loss) => sum + loss, 0) / BATCH);
      values = Object.fromEntries(
        Object.keys(after).map((name, index) => [name, [...others[index] ?? []]]),
      );
    }
    assertClose(means, run.losses, "losses");
    const expected: Values = run.after;
    assertEquals(Object.keys(values).sort(), Object.keys(expected).sort());
    for (const [name, elements] of Object.entries(expected)) {
      assertClose(values[name] ?? [], elements, name);
    }
  });

  Deno.test(`predictions after ${describe(run.layers)} by ${describe([run.loss])} agree with PyTorch`, () => {
    const { net } = built(run);
    const context = { state: namedInputs(net.state), training: undefined };
    const { y } = forward(net, namedInputs(net.parameters), x, context);
    assertClose(valuesOf(y, { inputs: { ...DATA, ...run.after } }), run.outputs, "outputs");
  });
}

Deno.test("dropoutForward() and dropoutBackward() with a mask agree with PyTorch's equations", () => {
  const { rate, mask, y: expected, dx: gradient } = fixture.dropout;
  const kept = lessOrEqual(1, input("mask", [BATCH, INPUTS]));
  const y = dropoutForward({ rate }, x, kept);
  const { dx } = dropoutBackward({ rate }, mul(y, 2), kept);
  const bindings = { inputs: { x: fixture.x, mask } };
  assertClose(valuesOf(y, bindings), expected, "y");
  assertClose(valuesOf(dx, bindings), gradient, "dx");
});
