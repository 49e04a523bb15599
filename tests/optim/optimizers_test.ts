import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  adadelta,
  adagrad,
  adam,
  adamw,
  amsgrad,
  lamb,
  lion,
  momentum,
  muon,
  nadam,
  nesterov,
  type Optimizer,
  optimizers,
  rmsprop,
  sgd,
} from "../../lib/train/mod.ts";
import type { Precision } from "../../lib/engine/reference/reference.ts";
import { input, type Tensor } from "../../lib/tensor/mod.ts";
import { UNIT_ROUNDOFF, valuesOf } from "../numbers.ts";
import { emptySlots, placed, updated } from "./updates.ts";
import { named, type Values } from "../train/walk.ts";

const params = input("p", [2]);
const grads = input("g", [2]);
const inputs = {
  rate: input("rate", []),
  step: input("step", [], "integer"),
  parameters: [{ name: "dense1.weight", shape: [2], offset: 0 }],
};

Deno.test("sgd() subtracts the rate times the gradient", () => {
  const { params: after } = sgd().update(params, grads, {}, inputs);
  const at = { inputs: { p: [1, 2], g: [4, -8], rate: [0.25] } };
  assertEquals(valuesOf(after, at), [0, 4]);
});

Deno.test("momentum() adds the gradient to the decayed velocity, then subtracts the rate times it", () => {
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
  assertAlmostEquals(up, 0.5, 12 * UNIT_ROUNDOFF);
  assertAlmostEquals(down, 1.5, 12 * UNIT_ROUNDOFF);
});

Deno.test("adam() equals a hand computation of Kingma and Ba's algorithm 1 at a later step", () => {
  const rule = adam({ beta1: 0.5, beta2: 0.75, epsilon: 0.25 });
  const { params: after, slots: { first, second } } = rule.update(params, grads, slots, inputs);
  const at = adamAt({ m: [1, 0], v: [4, 0], step: 2 });
  // m' = ½·1 + ½·3 = 2, v' = ¾·4 + ¼·9 = 5.25; corrections 1 − ½² = ¾ and 1 − ¾² = 7/16;
  // m̂ = 8/3, v̂ = 12, p' = 1 − ½ · (8/3) / (√12 + ¼)
  const of = (tensor: Tensor) => valuesOf(tensor, at)[0];
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
  assertAlmostEquals(down, -1, 12 * 2 ** -24);
  assertAlmostEquals(up, 1, 12 * 2 ** -24);
});

/** Returns the elements of each result of an update of two parameters. */
function after(
  optimizer: Optimizer,
  at: Readonly<Record<string, readonly number[]>>,
  precision: Precision = "f64",
): Values {
  const results = updated(optimizer, placed({ "dense1.bias": [2] }));
  return named(
    results,
    { inputs: { ...emptySlots(optimizer, 2), rate: [0.5], step: [1], ...at } },
    precision,
  );
}

Deno.test("nesterov() moves ahead by its next velocity", () => {
  const at = { params: [1, 2], grads: [4, -8], velocity: [2, 0], rate: [0.25] };
  // v' = ½ v + g = [5, −8]; g + ½ v' = [6.5, −12]
  assertEquals(after(nesterov({ decay: 0.5 }), at), { params: [-0.625, 5], velocity: [5, -8] });
});

Deno.test("rmsprop() divides by the root of the mean square, equal to a hand computation", () => {
  const at = { params: [1, 1], grads: [2, -4], square: [0, 16] };
  // v' = ½ v + ½ g² = [2, 16]
  const { params: [first = NaN, second] = [], square } = after(
    rmsprop({ decay: 0.5, epsilon: 1e-300 }),
    at,
  );
  assertAlmostEquals(first, 1 - 0.5 * 2 / Math.SQRT2, 8 * UNIT_ROUNDOFF);
  assertEquals([second, square], [1.5, [2, 16]]);
});

Deno.test("rmsprop() centered divides by the deviation; with momentum it keeps a velocity", () => {
  const rule = rmsprop({ decay: 0.5, epsilon: 0.5, centered: true, momentum: 0.5 });
  assertEquals(rule.slots, ["square", "mean", "velocity"]);
  const at = { params: [1, 1], grads: [2, 0], square: [4, 8], mean: [0, 0], velocity: [4, 4] };
  // v' = [4, 4], m' = [1, 0]: deviations √3 and 2; u' = ½ u + g / (deviation + ½)
  const { params = [], velocity: [first, second] = [], mean } = after(rule, at);
  assertAlmostEquals(first ?? NaN, 2 + 2 / (Math.sqrt(3) + 0.5), 8 * UNIT_ROUNDOFF);
  assertAlmostEquals(params[0] ?? NaN, 1 - 0.5 * (2 + 2 / (Math.sqrt(3) + 0.5)), 8 * UNIT_ROUNDOFF);
  assertEquals([second, params[1], mean], [2, 0, [1, 0]]);
});

Deno.test("rmsprop() centered handles a variance that rounding makes negative", () => {
  // In single precision 0.1² is rounded, the mean of equal gradients is not, and v − m² is below 0
  const rule = rmsprop({ decay: 0.5, centered: true });
  const single = Math.fround(0.1);
  const square = Math.fround(single * single);
  const worst = {
    params: [0, 0],
    grads: [single, 0],
    mean: [single, 1],
    square: [square * (1 - 2 ** -22), 1],
  };
  const { params = [] } = after(rule, worst, "f32");
  assertEquals(params.every(Number.isFinite), true);
});

Deno.test("adagrad() divides by the norm of all gradients so far", () => {
  const at = { params: [1, 1], grads: [4, 0], sum: [9, 0] };
  assertEquals(after(adagrad({ epsilon: 3 }), at), { params: [1 - 0.5 * 4 / 8, 1], sum: [25, 0] });
});

Deno.test("adadelta() moves by the ratio of root mean squares of earlier moves and gradients", () => {
  const at = { params: [1, 1], grads: [4, 0], square: [8, 0], moved: [3, 0], rate: [1] };
  // v' = ½ 8 + ½ 16 = 12; δ = 4 √(3 + 4) / √(12 + 4) = √7; u' = ½ 3 + ½ 7
  const { params = [], square, moved = [] } = after(adadelta({ decay: 0.5, epsilon: 4 }), at);
  assertAlmostEquals(params[0] ?? NaN, 1 - Math.sqrt(7), 8 * UNIT_ROUNDOFF);
  assertAlmostEquals(moved[0] ?? NaN, 5, 32 * UNIT_ROUNDOFF);
  assertEquals([params[1], moved[1], square], [1, 0, [12, 0]]);
});

Deno.test("amsgrad() keeps the largest mean square, and divides by it", () => {
  const rule = amsgrad({ beta1: 0.5, beta2: 0.5, epsilon: 1e-300 });
  const at = { params: [0, 0], grads: [2, 2], second: [0, 0], largest: [16, 1] };
  const { params = [], second, largest } = after(rule, at);
  assertEquals([second, largest], [[2, 2], [16, 2]]);
  // m̂ = 2; ŵ = [16, 2] / ½, so that the moves are ½ · 2 / √32 and ½ · 2 / 2
  assertAlmostEquals(params[0] ?? NaN, -1 / Math.sqrt(32), 12 * UNIT_ROUNDOFF);
  assertAlmostEquals(params[1] ?? NaN, -0.5, 12 * UNIT_ROUNDOFF);
});

Deno.test("adamw() is adam() with a decay that the training step applies", () => {
  const at = { params: [1, -2], grads: [3, 4] };
  assertEquals(adamw().weightDecay, 0.01);
  const bare = { ...adamw(), weightDecay: 0 };
  assertEquals(after(bare, at), after(adam(), at));
  // p − ½ · 0.5 p is exact; then the rule moves as if the parameters had been so
  const decayed = { ...at, params: [0.75, -1.5] };
  assertEquals(after(adamw({ weightDecay: 0.5 }), at).params, after(adam(), decayed).params);
});

Deno.test("nadam() stores 1 minus the product of its momenta", () => {
  const rule = nadam({ beta1: 0.5, momentumDecay: 0 }); // μ = ½ · (1 − ½) = ¼ at every step
  assertEquals(rule.numbers, ["complement"]);
  const at = { params: [0, 0], grads: [1, 0] };
  assertEquals(after(rule, at).complement, [0.75]);
  assertEquals(after(rule, { ...at, complement: [0.75] }).complement, [0.9375]);
});

Deno.test("lion() moves by the whole rate or not at all", () => {
  const at = { params: [1, 1], grads: [-10, 9], mean: [1, -1] };
  // c = 0.9 m + 0.1 g = [−0.1, 0]
  const rule = { ...lion({ beta1: 0.9 }), weightDecay: 0 };
  assertEquals(after(rule, at).params[0], 1.5);
  assertEquals(after(rule, { ...at, grads: [0, 0], mean: [0, 0] }).params, [1, 1]);
});

Deno.test("lamb() moves a tensor by the rate times its own norm, and from zero by Adam's move", () => {
  const rule = lamb({ epsilon: 1e-300, weightDecay: 0 });
  const { params = [] } = after(rule, { params: [3, -4], grads: [0.1, 100] });
  // Adam's first move is [1, 1], of length √2, and the tensor's is 5
  assertAlmostEquals(params[0] ?? NaN, 3 - 0.5 * 5 / Math.SQRT2, 24 * UNIT_ROUNDOFF);
  assertAlmostEquals(params[1] ?? NaN, -4 - 0.5 * 5 / Math.SQRT2, 24 * UNIT_ROUNDOFF);
  const { params: risen = [] } = after(rule, { params: [0, 0], grads: [0.1, 100] });
  assertAlmostEquals(risen[0] ?? NaN, -0.5, 12 * UNIT_ROUNDOFF);
  assertEquals(after(rule, { params: [3, -4], grads: [0, 0] }).params, [3, -4]);
});

Deno.test("lamb() includes its decay in the move that is scaled", () => {
  // Without gradients the move is ½ p, scaled to the length of p: half of p is left
  const { params = [] } = after(lamb({ weightDecay: 0.5 }), { params: [3, -4], grads: [0, 0] });
  assertAlmostEquals(params[0] ?? NaN, 1.5, 24 * UNIT_ROUNDOFF);
  assertAlmostEquals(params[1] ?? NaN, -2, 24 * UNIT_ROUNDOFF);
});

Deno.test("muon() updates hidden weight matrices, and leaves the rest to AdamW or its option `others`", () => {
  const rule = muon();
  const parameter = (isHidden: boolean) => ({ name: "dense2.weight", shape: [2, 2], isHidden });
  assertEquals([rule.takes?.(parameter(true)), rule.takes?.(parameter(false))], [true, false]);
  assertEquals(rule.others?.slots, ["first", "second"]);
  assertEquals([rule.weightDecay, rule.others?.weightDecay], [0.1, 0.1]);
  assertEquals(muon({ others: sgd() }).others?.slots, []);
  const named = optimizers.schema.parse({ name: "muon", others: { name: "lion", beta2: 0.98 } });
  assertEquals((optimizers.create(named) as Optimizer).others?.slots, ["mean"]);
  const byDefault: Optimizer = optimizers.create(optimizers.schema.parse({ name: "muon" }));
  assertEquals(byDefault.others?.weightDecay, 0.1);
});

Deno.test("muon() moves every direction of a matrix about equally, whatever the gradient's size", () => {
  const parameters = placed({ "dense2.weight": [2, 2] });
  const rule = { ...muon(), weightDecay: 0 };
  const inputs = { ...emptySlots(rule, 4), params: [0, 0, 0, 0], rate: [1], step: [1] };
  const moved = (grads: number[]) =>
    valuesOf(updated(rule, parameters).params, { inputs: { ...inputs, grads } });
  for (const size of [1e-3, 1, 1e3]) {
    const [a = NaN, b = NaN, c = NaN, d = NaN] = moved([9 * size, 0, 0, -size]);
    assertEquals([b, c].map(Math.abs), [0, 0]);
    for (const part of [-a, d]) {
      // 0.2 √2 times a singular value between 0.68 and 1.14
      assertEquals(
        part > 0.68 * 0.2 * Math.SQRT2 && part < 1.14 * 0.2 * Math.SQRT2,
        true,
        `${part}`,
      );
    }
  }
  assertEquals(moved([0, 0, 0, 0]), [0, 0, 0, 0]);
});

/** Rules with means of gradients that decay by half a step, and those with means of squares. */
const DECAYING: readonly (readonly [Optimizer, string, number])[] = [
  [adam({ beta1: 0.5 }), "first", 1e-30],
  [amsgrad({ beta1: 0.5 }), "first", 1e-30],
  [nadam({ beta1: 0.5 }), "first", 1e-30],
  [lamb({ beta1: 0.5 }), "first", 1e-30],
  [momentum({ decay: 0.5 }), "velocity", 1e-30],
  [nesterov({ decay: 0.5 }), "velocity", 1e-30],
  [rmsprop({ momentum: 0.5 }), "velocity", 1e-30],
  [rmsprop({ decay: 0.5, centered: true }), "mean", 1e-30],
  [rmsprop({ decay: 0.5 }), "square", 1e-36],
  [adadelta({ decay: 0.5 }), "square", 1e-36],
  [adadelta({ decay: 0.5 }), "moved", 1e-36],
  [lion({ beta2: 0.5 }), "mean", 1e-30],
];

for (const [rule, slot, limit] of DECAYING) {
  Deno.test(`"${slot}" of ${rule.slots.join(", ")} ends at 0 without gradients, and is never subnormal`, () => {
    const at = (mean: number) =>
      after(rule, { params: [0, 0], grads: [0, 0], [slot]: [mean, mean] }, "f32")[slot];
    assertEquals(at(limit), [0, 0]);
    assertEquals(at(3 * limit), Array(2).fill(Math.fround(3 * limit) / 2));
  });
}
