import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { canonicalJson, jsonLines, parseJsonLines, prettyJson } from "../../lib/run/json.ts";

Deno.test("canonicalJson() sorts keys at every depth and omits spaces", () => {
  const value = { b: [{ d: 1, c: null }], a: "ä\n", B: true, "10": 0.1, "9": 1e21 };
  assertEquals(
    canonicalJson(value),
    '{"9":1e+21,"10":0.1,"B":true,"a":"ä\\n","b":[{"c":null,"d":1}]}',
  );
});

Deno.test("canonicalJson() writes -0 as 0", () => assertEquals(canonicalJson([-0, 0]), "[0,0]"));

Deno.test("canonicalJson() rejects values that JSON cannot represent, and names the part", () => {
  for (
    const value of [
      NaN,
      Infinity,
      undefined,
      () => 1,
      1n,
      Symbol("x"),
      new Date(0),
      new Float32Array(1),
      [,],
    ]
  ) {
    const { message } = assertThrows(() => canonicalJson({ a: [0, { b: value }] }), TypeError);
    assertEquals(message.startsWith('Cannot write JSON: "a[1].b'), true, message);
  }
});

Deno.test("canonicalJson() gives equal texts for equal values, in any order of their keys", () => {
  const reversed = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(reversed)
      : typeof value === "object" && value !== null
      ? Object.fromEntries(
        Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]),
      )
      : value;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assertEquals(canonicalJson(reversed(value)), canonicalJson(value));
      assertEquals(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
    { seed: 7 },
  );
});

Deno.test("prettyJson() keeps the order of keys and ends the line", () => {
  assertEquals(prettyJson({ b: [-0], a: {} }), '{\n  "b": [\n    0\n  ],\n  "a": {}\n}\n');
});

Deno.test("parseJsonLines() returns the argument of jsonLines(), and detects a truncated end", () => {
  const values = [{ a: 1 }, "x\ny", null];
  assertEquals(jsonLines(values), '{"a":1}\n"x\\ny"\nnull\n');
  assertEquals(parseJsonLines(jsonLines(values), "x"), values);
  assertEquals(parseJsonLines("", "x"), []);
  assertThrows(() => parseJsonLines('{"a":1}\n{"a"', "x"), SyntaxError, "a line break at the end");
  assertThrows(() => parseJsonLines('{"a":1}\n{"a"\n', "x"), SyntaxError, "line 2 of x");
});
