import { assertEquals, assertLessOrEqual } from "@std/assert";
import {
  add,
  addRow,
  concatenate,
  input,
  matmul,
  max,
  mul,
  select,
  shiftLeft,
  sub,
  tanh,
} from "../../lib/tensor/mod.ts";

const x = input("x", [2, 3]);
const w = input("w", [3, 2]);
const b = input("b", [2]);

Deno.test("a tensor prints as its expression, and its shape", () => {
  const texts = new Map([
    [addRow(matmul(x, w), b), "add(matmul(x, w), broadcastRow(b)) [2, 2]"],
    [max(tanh(x), 0), "max(tanh(x), 0) [2, 3]"],
    [select(input("mask", [2], "integer"), b, 1), "select(mask, b, 1) [2]"],
    [shiftLeft(input("n", [2], "integer"), 3), "shiftLeft(n) integer [2]"],
    [mul(b, input("scale", [])), "mul(b, scale) [2]"],
  ]);
  for (const [tensor, text] of texts) assertEquals(`${tensor}`, text);
});

Deno.test("Deno prints a tensor as its expression, alone and within objects", () => {
  const y = sub(b, 1);
  assertEquals(Deno.inspect(y), "sub(b, 1) [2]");
  assertEquals(Deno.inspect({ y, all: [y] }), "{ y: sub(b, 1) [2], all: [ sub(b, 1) [2] ] }");
});

Deno.test("a large expression prints to the depth at which it is short", () => {
  let y = x;
  for (let i = 0; i < 100; i++) y = add(mul(y, 0.5), y); // as a tree, 2¹⁰⁰ nodes
  assertEquals(
    `${y}`,
    "add(mul(add(mul(…, 0.5), add(…, …)), 0.5), add(mul(add(…, …), 0.5), add(mul(…, 0.5), add(…, …)))) [2, 3]",
  );
  const many = concatenate(Array.from({ length: 1000 }, (_, i) => input(`x${i}`, [2])));
  assertEquals(`${many}`, "concatenate(x0, x1, x2, x3, x4, x5, x6, x7, …) [2000]");
  assertLessOrEqual(`${y}`.length, 200);
});
