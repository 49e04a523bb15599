import { assertEquals, assertLess } from "@std/assert";
import { type Optimizer, optimizers } from "../../lib/train/mod.ts";
import { input, mul, sizeOf, type Tensor } from "../../lib/tensor/mod.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { deepFrozen, dotOf, fingerprint, normalValues, valuesOf } from "../numbers.ts";
import { emptySlots, placed, slotShape, updateInputs } from "../optim/updates.ts";
import { testEntries } from "./contract.ts";

/** Hash of the parameters and slots after the third step from fixed numbers. */
const GOLDEN: Readonly<Record<typeof optimizers.names[number], string>> = {
  sgd: "e59aa4a9f8fd14dd6fa91fa06883a23a9c7e645dc27aa2a355b825fadcaff53a",
  momentum: "dcef9a1b9a606cc2c301eb6fb1a933ad7561ff17672f89db2d09e45bdf19534f",
  adam: "28723063de6b7140209aeb9a1d805c9cc8dd977c9e6dfcb06b2d26e25bc126d9",
  nesterov: "17069bbcf021d3705156a7cf9ee5aa893b890f90a89320b5d1785ec3c72e2180",
  rmsprop: "ed56bf61b28fbf5f9aa8e18603712790d7e7676c4cb3f0c66ee9083f4431848f",
  adagrad: "1ffb25458c68a4267a6eeb5be0eb22011d905e85ed83ba42e29ddb41962565a1",
  adadelta: "d4fcbfd2723ca1e37a0e332edf71624fef512e008acfb6dfa52a1b5ff3c579f2",
  amsgrad: "81e0d44670e868864d31d04e595e32d2b03f658038ae45e78e21a34887abf820",
  adamw: "28723063de6b7140209aeb9a1d805c9cc8dd977c9e6dfcb06b2d26e25bc126d9",
  nadam: "5c022abe720931d15a1e2d1bfb09272edb1e0ccad922eb05686a00b2b9ad4985",
  lion: "2a3102ae7bdffa1f6bcef74683ffc40945678c758a165de436e3e783837d977e",
  lamb: "aa8a5e93291275a7e2f6e71fd5d3996022f34fd48d65b92a5e3c299b4bad2fd5",
  muon: "dbb245e11f81d62bd230af8828feb3218ed986fe0f53db147ab50ab7fe1e6e1a",
};

/** A vector that any rule takes, and a matrix for those that take no other. */
const VECTOR = { name: "dense1.bias", shape: [5], isHidden: false };
const MATRIX = { name: "dense2.weight", shape: [2, 3], isHidden: true };

/** Rules that turn a matrix as a whole: the loss falls, but not each parameter's part of it. */
const OF_MATRICES: readonly string[] = ["muon"];

/** Options without which a rule decays parameters by itself, where the others leave it to the step. */
const WITHOUT_DECAY: Readonly<Record<string, object>> = { lamb: { weightDecay: 0 } };

testEntries(optimizers);

for (const [name] of optimizers) {
  const optimizer: Optimizer = optimizers.create(optimizers.schema.parse({ name }));
  const chosen = optimizer.takes?.(VECTOR) === false ? MATRIX : VECTOR;
  const parameters = placed({ [chosen.name]: chosen.shape });
  const size = sizeOf(chosen.shape);
  const { params, grads, slots, rate, step } = updateInputs(optimizer, size);
  const stepInputs = { rate, step, parameters };
  const next = (gradients: Tensor) => optimizer.update(params, gradients, slots, stepInputs);
  const bindings = (seen: Readonly<Record<string, ArrayLike<number>>>, step: number) => ({
    inputs: { ...seen, step: [step], rate: [0.001] },
  });
  const first = { params: normalValues("params", [size]), ...emptySlots(optimizer, size) };

  Deno.test(`optimizer "${name}" maps its slots to slots of the same names and shapes`, () => {
    const { params: after, slots: afterSlots } = next(grads);
    assertEquals(after.shape, [size]);
    assertEquals(Object.keys(afterSlots), [...optimizer.slots]);
    for (const [slot, { shape }] of Object.entries(afterSlots)) {
      assertEquals(shape, slotShape(optimizer, slot, size));
    }
  });

  Deno.test(`optimizer "${name}" lowers the loss at every step, by every parameter if it can`, () => {
    // f = ½ Σ c p², whose gradient is c p; at this rate no optimizer oversteps in ten steps
    const curvature = Array.from({ length: size }, (_, index) => index + 1);
    const { params: after, slots: afterSlots } = next(mul(params, input("curvature", [size])));
    const parts = (at: ArrayLike<number>) => curvature.map((c, index) => c * at[index] ** 2);
    let at: Readonly<Record<string, ArrayLike<number>>> = first;
    for (let step = 1; step <= 10; step++) {
      const wanted = [after, ...optimizer.slots.map((slot) => afterSlots[slot])];
      const values = evaluate(wanted, bindings({ ...at, curvature }, step), "f64");
      const [before, now] = [parts(at.params ?? []), parts(values[0] ?? [])];
      if (OF_MATRICES.includes(name)) assertLess(sumOf(now), sumOf(before));
      else now.forEach((part, i) => assertLess(part, before[i]));
      at = Object.fromEntries(
        ["params", ...optimizer.slots].map((key, i) => [key, values[i] ?? []]),
      );
    }
  });

  Deno.test(`optimizer "${name}" does not move if the gradient is zero and nothing decays`, () => {
    const seen = { ...first, grads: Array(size).fill(0) };
    const given = optimizers.schema.parse({ name, ...WITHOUT_DECAY[name] });
    const still: Optimizer = optimizers.create(given);
    const { params: after } = still.update(params, grads, slots, stepInputs);
    assertEquals(valuesOf(after, bindings(seen, 1)), first.params);
  });

  Deno.test(`optimizer "${name}" does not move if the rate is zero`, () => {
    const seen = { ...first, grads: normalValues("grads", [size]) };
    const still = { inputs: { ...seen, step: [1], rate: [0] } };
    assertEquals(valuesOf(next(grads).params, still), first.params);
  });

  Deno.test(`optimizer "${name}" does not change its inputs`, () => {
    optimizer.update(
      deepFrozen(params),
      deepFrozen(grads),
      deepFrozen(slots),
      deepFrozen(stepInputs),
    );
  });

  Deno.test(`optimizer "${name}" computes the bits of its committed hash`, async () => {
    const seen = {
      ...Object.fromEntries(
        ["params", "grads"].map((part) => [part, normalValues(part, [size])]),
      ),
      // Squares, since one of the slots is a mean of squares
      ...Object.fromEntries(
        Object.entries(slots).map(([slot, { shape }]) => [
          slot,
          normalValues(slot, shape).map((x) => x * x),
        ]),
      ),
    };
    const { params: after, slots: afterSlots } = next(grads);
    assertEquals(
      await fingerprint([after, ...Object.values(afterSlots)], bindings(seen, 3)),
      GOLDEN[name],
    );
  });

  Deno.test(`optimizer "${name}" lowers the loss by a whole step, not only parameter by parameter`, () => {
    const gradients = normalValues("grads", [size]);
    const after = valuesOf(next(grads).params, bindings({ ...first, grads: gradients }, 1));
    const moved = after.map((p, i) => p - first.params[i]);
    assertLess(dotOf(moved, gradients), 0);
  });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
