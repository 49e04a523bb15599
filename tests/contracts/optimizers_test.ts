import { assertEquals, assertLess } from "@std/assert";
import { type Optimizer, optimizers } from "../../lib/train/mod.ts";
import { input, mul, type Tensor } from "../../lib/tensor/mod.ts";
import { evaluate } from "../../lib/engine/reference.ts";
import { deepFrozen, dotOf, fingerprint, normalValues, valuesOf } from "../numbers.ts";
import { testEntries } from "./contract.ts";

/** Hash of the parameters and slots after the third step from fixed numbers. */
const GOLDEN: Readonly<Record<typeof optimizers.names[number], string>> = {
  sgd: "e59aa4a9f8fd14dd6fa91fa06883a23a9c7e645dc27aa2a355b825fadcaff53a",
  momentum: "dcef9a1b9a606cc2c301eb6fb1a933ad7561ff17672f89db2d09e45bdf19534f",
  adam: "28723063de6b7140209aeb9a1d805c9cc8dd977c9e6dfcb06b2d26e25bc126d9",
};

const COUNT = 5;

testEntries(optimizers);

for (const [name] of optimizers) {
  const optimizer: Optimizer = optimizers.create(optimizers.schema.parse({ name }));
  const params = input("params", [COUNT]);
  const grads = input("grads", [COUNT]);
  const slots = Object.fromEntries(optimizer.slots.map((slot) => [slot, input(slot, [COUNT])]));
  const stepInputs = {
    rate: input("rate", []),
    step: input("step", [], "integer"),
    parameters: [{ name: "dense1.weight", shape: [COUNT], offset: 0 }],
  };
  const next = (gradients: Tensor) => optimizer.update(params, gradients, slots, stepInputs);
  const bindings = (seen: Readonly<Record<string, ArrayLike<number>>>, step: number) => ({
    inputs: { ...seen, step: [step], rate: [0.001] },
  });
  const first = {
    params: normalValues("params", [COUNT]),
    ...Object.fromEntries(optimizer.slots.map((slot) => [slot, Array(COUNT).fill(0)])),
  };

  Deno.test(`optimizer "${name}" maps its slots to successors of the same names and shapes`, () => {
    const { params: after, slots: afterSlots } = next(grads);
    assertEquals(after.shape, [COUNT]);
    assertEquals(Object.keys(afterSlots), [...optimizer.slots]);
    for (const slot of Object.values(afterSlots)) assertEquals(slot.shape, [COUNT]);
  });

  Deno.test(`optimizer "${name}" moves downhill, every parameter, at every step`, () => {
    // f = ½ Σ c p², whose gradient is c p; at this rate no optimizer oversteps in ten steps
    const curvature = [1, 2, 3, 4, 5];
    const { params: after, slots: afterSlots } = next(
      mul(params, input("curvature", [COUNT])),
    );
    let at: Readonly<Record<string, ArrayLike<number>>> = first;
    for (let step = 1; step <= 10; step++) {
      const wanted = [after, ...optimizer.slots.map((slot) => afterSlots[slot] as Tensor)];
      const values = evaluate(wanted, bindings({ ...at, curvature }, step), "f64");
      const before = [...at.params as ArrayLike<number> as number[]];
      const now = [...values[0] ?? []];
      now.forEach((p, i) => assertLess(Math.abs(p), Math.abs(before[i] as number)));
      at = Object.fromEntries(
        ["params", ...optimizer.slots].map((key, i) => [key, values[i] ?? []]),
      );
    }
  });

  Deno.test(`optimizer "${name}" stays where the gradient is zero`, () => {
    const seen = { ...first, grads: Array(COUNT).fill(0) };
    assertEquals(valuesOf(next(grads).params, bindings(seen, 1)), first.params);
  });

  Deno.test(`optimizer "${name}" goes no further when the rate is zero`, () => {
    const seen = { ...first, grads: normalValues("grads", [COUNT]) };
    const still = { inputs: { ...seen, step: [1], rate: [0] } };
    assertEquals(valuesOf(next(grads).params, still), first.params);
  });

  Deno.test(`optimizer "${name}" leaves its inputs unchanged`, () => {
    optimizer.update(
      deepFrozen(params),
      deepFrozen(grads),
      deepFrozen(slots),
      deepFrozen(stepInputs),
    );
  });

  Deno.test(`optimizer "${name}" computes the same bits as ever`, async () => {
    const seen = {
      ...Object.fromEntries(
        ["params", "grads"].map((part) => [part, normalValues(part, [COUNT])]),
      ),
      // Squares, since one of the slots is a mean of squares
      ...Object.fromEntries(
        optimizer.slots.map((slot) => [slot, normalValues(slot, [COUNT]).map((x) => x * x)]),
      ),
    };
    const { params: after, slots: afterSlots } = next(grads);
    assertEquals(
      await fingerprint([after, ...Object.values(afterSlots)], bindings(seen, 3)),
      GOLDEN[name],
    );
  });

  Deno.test(`optimizer "${name}" lowers the loss of a whole step, not only each parameter's`, () => {
    const gradients = normalValues("grads", [COUNT]);
    const after = valuesOf(next(grads).params, bindings({ ...first, grads: gradients }, 1));
    const moved = after.map((p, i) => p - (first.params[i] as number));
    assertLess(dotOf(moved, gradients), 0);
  });
}
