/** Compiled updates: the bits of the reference, the same for any number of workers, near f64. */
import { assertEquals, assertLess, assertLessOrEqual } from "@std/assert";
import { compile } from "../../lib/engine/compiler/compile.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import {
  lamb,
  muon,
  type Optimizer,
  optimizers,
  type PlacedParameter,
} from "../../lib/train/mod.ts";
import { below, input, key, matmul, slice } from "../../lib/tensor/mod.ts";
import { assertAgreesFor, assertSameForAll } from "../engine/bits.ts";
import { normalValues } from "../numbers.ts";
import { emptySlots, placed, sizeOfAll, slotShape, updated } from "./updates.ts";

/** A rounding's largest relative error in single precision. */
const SINGLE_ROUNDOFF = 2 ** -24;

/** Ways to use each optimizer that lead through different code. */
const VARIANTS: Readonly<Record<string, readonly object[]>> = {
  rmsprop: [{}, { momentum: 0.9 }, { centered: true }, { momentum: 0.9, centered: true }],
  adamw: [{ weightDecay: 0.1 }],
  lion: [{ weightDecay: 0.1 }],
};

const RULES = optimizers.names.flatMap((name) =>
  (VARIANTS[name] ?? [{}]).map((options) => {
    const given = { name, ...options };
    const optimizer: Optimizer = optimizers.create(optimizers.schema.parse(given));
    return { given: JSON.stringify(given), optimizer, name };
  })
);

/** Shapes that the rule takes: matrices of two forms, and a vector if it may be. */
function shapesFor(optimizer: Optimizer, columns: number): readonly PlacedParameter[] {
  const bias = { name: "dense1.bias", shape: [columns], isHidden: false };
  return placed({
    "dense2.weight": [5, columns],
    ...(optimizer.takes?.(bias) === false ? {} : { [bias.name]: bias.shape }),
    "dense3.weight": [columns, 7],
  });
}

/** Single-precision numbers for all that an update reads, slots as after some steps. */
function startOf(optimizer: Optimizer, size: number) {
  const singles = (name: string, count: number) => normalValues(name, [count]).map(Math.fround);
  const grads = singles("grads", size);
  // Of the sign of the gradients, and smaller than they: nothing cancels, and no variance is small
  const slots = optimizer.slots.map((slot) => {
    const count = slotShape(optimizer, slot, size).length === 0 ? 1 : size;
    const means = singles(slot, count).map((x, i) => Math.abs(x) * Math.sign(grads[i] ?? 1) / 8);
    const isOfSigns = ["velocity", "mean", "first"].includes(slot);
    return [slot, isOfSigns ? means : means.map((x) => Math.fround(4 * Math.abs(x) / 8))];
  });
  return { params: singles("params", size), grads, ...Object.fromEntries(slots) };
}

for (const { given, optimizer } of RULES) {
  const parameters = shapesFor(optimizer, 6);
  const size = sizeOfAll(parameters);
  const state = updated(optimizer, parameters);
  const inputs = { ...startOf(optimizer, size), rate: [Math.fround(0.01)], step: [3] };

  Deno.test(`three updates by ${given}, compiled, have the reference's bits for 1, 2, 3, 5 workers`, () => {
    assertAgreesFor(3, { state }, { inputs });
    assertAgreesFor(3, { state }, { inputs: { ...inputs, ...emptySlots(optimizer, size) } });
  });
}

/**
 * Roundings on the way to an element of a move, each of which changes it by at most a part u: the
 * update itself has fewer than 20, powers of a step number up to 31, a root halves what came before, and
 * of terms of one sign no sum makes more.
 */
const ROUNDINGS = 64;

for (const { given, optimizer } of RULES.filter(({ name }) => name !== "muon")) {
  Deno.test(`an update by ${given} in single precision is as near to f64 as roundings allow`, () => {
    const parameters = shapesFor(optimizer, 6);
    const size = sizeOfAll(parameters);
    const { params } = updated(optimizer, parameters);
    const inputs = { ...startOf(optimizer, size), rate: [Math.fround(0.01)], step: [3] };
    const [single = [], double = []] = (["f32", "f64"] as const).map((precision) => [
      ...evaluate([params], { inputs }, precision)[0] ?? [],
    ]);
    double.forEach((exact, i) => {
      const before = inputs.params[i] ?? NaN;
      const move = Math.abs(exact - before);
      // Decay and move are taken off one after the other
      const bound = SINGLE_ROUNDOFF * (2 * Math.abs(before) + (1 + ROUNDINGS) * move);
      assertLessOrEqual(Math.abs((single[i] ?? NaN) - exact), bound);
    });
  });
}

Deno.test("an update by muon in single precision is as near to f64 as its iteration allows", () => {
  const optimizer: Optimizer = optimizers.create(optimizers.schema.parse({ name: "muon" }));
  const parameters = shapesFor(optimizer, 6);
  const size = sizeOfAll(parameters);
  const { params } = updated(optimizer, parameters);
  const inputs = { ...startOf(optimizer, size), params: Array(size).fill(0), rate: [1], step: [3] };
  const [single = [], double = []] = (["f32", "f64"] as const).map((precision) => [
    ...evaluate([params], { inputs }, precision)[0] ?? [],
  ]);
  /*
   * Rows of x have length 1.2 at most, so a sum of k ≤ 6 products of elements of x is off by k u 1.44,
   * one of G = x xᵀ by k u 2.1 and what its factors were off, 4 k u; b G + c G² by less than 20 k u, and
   * its product with x by less than 30 k u. Each of the five steps makes errors before it at most 4
   * times as large: the derivative of a s + b s³ + c s⁵ lies between −1.7 and 3.9. In sum (4⁵ − 1) / 3
   * times 30 k u, in each element of a matrix; in all together √(5 · 6) or √(6 · 7) times that.
   */
  const perStep = 30 * 6 * SINGLE_ROUNDOFF * Math.sqrt(42);
  const bound = (4 ** 5 - 1) / 3 * perStep * 0.2 * Math.sqrt(7);
  const off = double.map((exact, i) => Math.abs((single[i] ?? NaN) - exact));
  assertLess(Math.max(...off), bound);
});

/** Columns of a matrix that lies in panels, and what makes it: rows that are multiplied by it. */
const WIDE = 70;

function inPanels(optimizer: Optimizer) {
  const parameters = shapesFor(optimizer, WIDE);
  const size = sizeOfAll(parameters);
  const state = updated(optimizer, parameters);
  const weight = slice(input("params", [size]), 0, [5, WIDE]);
  const outputs = { y: matmul(input("x", [4, 5]), weight) };
  const inputs = { rate: [Math.fround(0.01)], step: [3], x: normalValues("x", [20]) };
  return { source: { outputs, state }, size, inputs };
}

for (const { given, optimizer } of RULES) {
  Deno.test(`an update by ${given} of matrices in panels is the same for 1, 2, 3, 5 workers`, () => {
    const { source, size, inputs } = inPanels(optimizer);
    const program = compile(source);
    const region = { offset: 0, rows: 5, columns: WIDE };
    for (const vector of ["params", ...optimizer.slots]) {
      const isNumber = optimizer.numbers?.includes(vector) === true;
      assertEquals(program.layouts[vector], isNumber ? undefined : [region]);
    }
    assertSameForAll(source, { inputs: { ...startOf(optimizer, size), ...inputs } }, program);
  });
}

/** Settings by which whole gradients give sums of squares that are exact in any order. */
const EXACT: readonly Optimizer[] = [
  muon({ momentum: 0.5 }), // 1½ times the gradient
  lamb({ beta1: 0, beta2: 0, weightDecay: 0.5 }), // its sign, and half the parameter
];

for (const optimizer of EXACT) {
  Deno.test(`an update with "${optimizer.slots}" of matrices in panels has the reference's bits`, () => {
    const { source, size, inputs } = inPanels(optimizer);
    const whole = (name: string) =>
      Array.from({ length: size }, (_, index) => below(key(1, name), index, 9) - 4);
    const grads = whole("grads").map((g) => g === 0 ? 1 : g);
    const start = { params: whole("params"), grads, ...emptySlots(optimizer, size) };
    assertAgreesFor(1, source, { inputs: { ...inputs, ...start } });
  });
}
