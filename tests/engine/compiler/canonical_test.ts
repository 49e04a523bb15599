import { assertEquals, assertStrictEquals } from "@std/assert";
import { canonicalize } from "../../../lib/engine/compiler/canonical.ts";
import {
  add,
  constant,
  div,
  exp,
  fill,
  input,
  log,
  matmul,
  max,
  mul,
  nearest,
  select,
  sqrt,
  sub,
  type Tensor,
  toInteger,
  topologicalOrder,
  transpose,
} from "../../../lib/tensor/mod.ts";
import { exp as exactExp } from "../../../lib/tensor/math/math.ts";
import { assertAgrees } from "../bits.ts";

const x = input("x", [4]);

/** The canonical form of one expression. */
function formOf(y: Tensor): Tensor {
  return canonicalize({ y }).outputs.y;
}

/** The constant that an expression becomes. */
function folded(y: Tensor): number | undefined {
  const { operation } = formOf(y);
  return operation.kind === "constant" ? operation.value : undefined;
}

Deno.test("canonicalize() folds expressions of constants in double precision", () => {
  const tenth = constant(0.1);
  assertEquals(folded(add(tenth, 0.2)), 0.1 + 0.2);
  assertEquals(folded(mul(sqrt(constant(2)), sub(tenth, 3))), Math.sqrt(2) * (0.1 - 3));
  assertEquals(folded(exp(constant(1))), exactExp(1));
  assertEquals(folded(select(toInteger(constant(-1)), tenth, 2)), 0.1);
  assertEquals(folded(nearest(constant(2.5))), 2);
  assertEquals(formOf(mul(x, 2)).operation.kind, "primitive");
  assertEquals(formOf(fill(2, [3])).operation.kind, "broadcast");
});

Deno.test("folded constants are rounded once, for the reference as for a program", () => {
  const third = div(constant(1), 3);
  const rate = input("rate", []);
  const sum = sub(add(add(constant(2 ** 24), 1), 1), 2 ** 24); // 2, which single steps would lose
  const outputs = {
    third,
    sum,
    scaled: mul(x, mul(third, 3)),
    log: mul(rate, log(constant(10))),
    exp: exp(sub(constant(0.1), third)),
    square: mul(x, mul(constant(1e-30), 1e30)),
  };
  assertAgrees({ outputs }, { inputs: { x: [1, -0, 3e38, 1e-45], rate: [0.3] } });
});

Deno.test("canonicalize() distinguishes −0, NaN and infinities, and merges equal constants", () => {
  const values = [0, -0, NaN, Infinity, -Infinity, 1];
  const sums = values.flatMap((value) => [max(x, value), max(x, value)]);
  const outputs = Object.fromEntries(sums.map((sum, index) => [`y${index}`, sum]));
  const form = Object.values(canonicalize(outputs).outputs);
  assertEquals(new Set(form).size, values.length);
  form.forEach((tensor, index) => assertStrictEquals(tensor, form[index - index % 2]));
  const names = Object.fromEntries(sums.map((sum, index) => [`y${index}`, sum]));
  assertAgrees({ outputs: names }, { inputs: { x: [0, -0, NaN, 5] } });
});

Deno.test("canonicalize() removes pairs of transposes, wherever they meet", () => {
  const m = input("m", [2, 3]);
  const form = formOf(matmul(transpose(transpose(m)), transpose(transpose(transpose(m)))));
  assertStrictEquals(form.inputs[0], form.inputs[1]?.inputs[0]);
  assertEquals(form.inputs[0]?.operation.kind, "input");
});

Deno.test("canonicalize() expands functions to primitives, equal functions once", () => {
  const form = canonicalize({ a: exp(x), b: add(exp(x), 1) }).outputs;
  const nodes = topologicalOrder(Object.values(form));
  assertEquals(nodes.some(({ operation }) => operation.kind === "function"), false);
  assertEquals(nodes.length - topologicalOrder([form.a]).length, 1); // the constant 1 is there already
});

Deno.test("canonicalize() keeps the origin of every node, also of new ones", () => {
  const y = exp(x);
  const z = add(y, 1);
  const { outputs, origins } = canonicalize(
    { z },
    new Map([[y, "layer"], [z, "loss"], [x, "input"]]),
  );
  const form = outputs.z;
  assertEquals(origins.get(form), "loss");
  assertEquals(origins.get(form.inputs[0]), "layer");
  const named = topologicalOrder([form]).filter(({ inputs }) => inputs.length > 0);
  assertEquals(named.filter((node) => !origins.has(node)), []);
});

Deno.test("canonicalize() does not change its argument", () => {
  const y = exp(transpose(transpose(input("m", [2, 2]))));
  const before = JSON.stringify(y);
  canonicalize({ y });
  assertEquals(JSON.stringify(y), before);
});
