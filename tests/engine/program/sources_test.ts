import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { storeFeatures } from "../../../lib/engine/program/sources.ts";

const VALUES = Uint8Array.of(0, 7, 0, 0, 0, 0, 0, 0, 255);

Deno.test("storeFeatures() keeps 8-bit values in place, with one scale for each feature", () => {
  const scale = Float32Array.of(1, 2, 4);
  for (const encoding of ["sparse8", "dense8"] as const) {
    const stored = storeFeatures(VALUES, 3, scale, encoding);
    assertStrictEquals(stored.values, VALUES);
    assertEquals(stored, { encoding, features: 3, values: VALUES, scale });
  }
  const halves = Float32Array.of(0.5, 0.5, 0.5);
  assertEquals(storeFeatures(VALUES, 3, 0.5).scale, halves);
  const floats = Float32Array.from(VALUES);
  assertEquals(storeFeatures(VALUES, 3, scale, "dense32").values, floats);
  assertStrictEquals(storeFeatures(floats, 3, scale).values, floats);
});

Deno.test("storeFeatures() chooses the encoding: sparse if at most half is nonzero, 8 bits, or 32 bits", () => {
  const encodingOf = (values: Uint8Array | Float32Array) => storeFeatures(values, 1, 1).encoding;
  assertEquals(encodingOf(Uint8Array.of(0, 1, 0, 1)), "sparse8");
  assertEquals(encodingOf(Uint8Array.of(0, 1, 1, 1)), "dense8");
  assertEquals(encodingOf(Uint8Array.of(0, 0)), "sparse8");
  assertEquals(encodingOf(new Uint8Array()), "sparse8");
  assertEquals(encodingOf(Float32Array.of(0, 0)), "dense32");
  // The last of more than two million bytes decides
  const many = new Uint8Array(2 ** 21 + 2);
  for (const [kept, expected] of [[2 ** 20 + 1, "sparse8"], [2 ** 20 + 2, "dense8"]] as const) {
    many.fill(0).fill(1, many.length - kept);
    assertEquals(encodingOf(many), expected);
    assertEquals(encodingOf(many.toReversed()), expected);
  }
  // Wherever the values begin and whichever byte of a word they are in
  for (let before = 0; before < 8; before++) {
    for (const length of [1, 2, 3, 4, 7, 8, 30]) {
      for (let kept = 0; kept <= length; kept++) {
        const bytes = new Uint8Array(before + length).fill(200);
        bytes.fill(0, before, before + length - kept);
        const expected = 2 * kept <= length ? "sparse8" : "dense8";
        assertEquals(encodingOf(bytes.subarray(before)), expected, `${kept} of ${length}`);
        assertEquals(encodingOf(bytes.subarray(before).toReversed()), expected);
      }
    }
  }
});

Deno.test("storeFeatures() rejects inconsistent data", () => {
  const refused = (
    kind: typeof TypeError | typeof RangeError,
    message: string,
    ...given: Parameters<typeof storeFeatures>
  ) => assertThrows(() => storeFeatures(...given), kind, message);
  refused(TypeError, "expected 8-bit values", Float32Array.of(1), 1, 1, "sparse8");
  refused(TypeError, "received 9 values and 2 scales", VALUES, 2, 1);
  refused(TypeError, "received 9 values and 1 scales", VALUES, 3, Float32Array.of(1));
  refused(RangeError, "expected scales >= 0: received -1", VALUES, 3, -1);
  refused(RangeError, "received NaN", VALUES, 3, Float32Array.of(1, NaN, 1));
  refused(RangeError, "received Infinity", VALUES, 3, Infinity);
});
