import { assertAlmostEquals, assertEquals } from "@std/assert";
import { adam, momentum, sgd } from "../../lib/train/mod.ts";
import { input, type Tensor } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";

const params = input("p", [2]);
const grads = input("g", [2]);
const inputs = {
  rate: input("rate", []),
  step: input("step", [], "integer"),
  parameters: [{ name: "dense1.weight", shape: [2], offset: 0 }],
};

Deno.test("sgd() takes the rate times the gradient off", () => {
  const { params: after } = sgd().update(params, grads, {}, inputs);
  const at = { inputs: { p: [1, 2], g: [4, -8], rate: [0.25] } };
  assertEquals(valuesOf(after, at), [0, 4]);
});

Deno.test("momentum() adds the gradient to what is left of the velocity, then the rate times it", () => {
  const velocity = input("v", [2]);
  const { params: after, slots } = momentum({ decay: 0.5 })
    .update(params, grads, { velocity }, inputs);
  const at = { inputs: { p: [1, 2], g: [4, -8], v: [2, 0], rate: [0.25] } };
  assertEquals(valuesOf(slots.velocity, at), [5, -8]);
  assertEquals(valuesOf(after, at), [-0.25, 4]);
});

const slots = { first: input("m", [2]), second: input("v", [2]) };
const adamAt = (options: { m: number[]; v: number[]; step: number }) => ({
  inputs: {
    p: [1, 1],
    g: [3, -0.001],
    m: options.m,
    v: options.v,
    rate: [0.5],
    step: [options.step],
  },
});

Deno.test("adam() moves by the whole rate at the first step, whatever the size of the gradient", () => {
  // m̂ = g and v̂ = g², so m̂ / √v̂ is the sign of g
  const rule = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-300 });
  const { params: after } = rule.update(params, grads, slots, inputs);
  const [up, down] = valuesOf(after, adamAt({ m: [0, 0], v: [0, 0], step: 1 }));
  // a dozen roundings: means, corrections, roots, quotients
  assertAlmostEquals(up as number, 0.5, 12 * UNIT_ROUNDOFF);
  assertAlmostEquals(down as number, 1.5, 12 * UNIT_ROUNDOFF);
});

Deno.test("adam() is algorithm 1 of Kingma and Ba at a later step, worked by hand", () => {
  const rule = adam({ beta1: 0.5, beta2: 0.75, epsilon: 0.25 });
  const { params: after, slots: { first, second } } = rule.update(params, grads, slots, inputs);
  const at = adamAt({ m: [1, 0], v: [4, 0], step: 2 });
  // m' = ½·1 + ½·3 = 2, v' = ¾·4 + ¼·9 = 5.25; corrections 1 − ½² = ¾ and 1 − ¾² = 7/16;
  // m̂ = 8/3, v̂ = 12, p' = 1 − ½ · (8/3) / (√12 + ¼)
  const of = (tensor: Tensor) => valuesOf(tensor, at)[0] as number;
  assertEquals(of(first), 2);
  assertEquals(of(second), 5.25);
  assertAlmostEquals(of(after), 1 - 0.5 * (8 / 3) / (Math.sqrt(12) + 0.25), 12 * UNIT_ROUNDOFF);
});

Deno.test("adam() corrects its means without losing digits in single precision", () => {
  // 1 − 0.999 in single precision as a difference would be 1.3e-5 off, and the step half of that
  const rule = adam({ beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  const { params: after } = rule.update(params, grads, slots, inputs);
  const at = { inputs: { p: [0, 0], g: [1, -1], m: [0, 0], v: [0, 0], rate: [1], step: [1] } };
  const [down, up] = valuesOf(after, at, "f32");
  assertAlmostEquals(down as number, -1, 12 * 2 ** -24);
  assertAlmostEquals(up as number, 1, 12 * 2 ** -24);
});

Deno.test("adam() and momentum() let a mean without gradients end at 0, and never carry subnormals", () => {
  const next: Readonly<Record<string, Tensor>> = {
    adam: adam({ beta1: 0.5 }).update(params, grads, slots, inputs).slots.first,
    momentum:
      momentum({ decay: 0.5 }).update(params, grads, { velocity: slots.first }, inputs).slots
        .velocity,
  };
  for (const [name, mean] of Object.entries(next)) {
    const at = (m: number[]) => ({ ...adamAt({ m, v: [1, 1], step: 2 }).inputs, g: [0, 0], m });
    const after = (m: number[]) => valuesOf(mean, { inputs: at(m) }, "f32");
    assertEquals(after([1e-30, -1e-30]), [0, 0], name);
    assertEquals(after([3e-30, -3e-30]), [3e-30, -3e-30].map((m) => Math.fround(m) / 2), name);
  }
});
