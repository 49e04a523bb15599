import { assertEquals, assertThrows } from "@std/assert";
import { storeFeatures } from "../../lib/engine/sources.ts";

const VALUES = Uint8Array.of(0, 7, 0, 0, 0, 0, 0, 0, 255);

Deno.test("storeFeatures() keeps of sparse rows the columns and values that are not zero", () => {
  assertEquals(storeFeatures(VALUES, 3, 0.5, "sparse8"), {
    encoding: "sparse8",
    features: 3,
    parts: {
      starts: Uint32Array.of(0, 1, 1, 2),
      columns: Uint16Array.of(1, 2),
      values: Uint8Array.of(7, 255),
      scale: Float32Array.of(0.5, 0.5, 0.5),
    },
  });
});

Deno.test("storeFeatures() finds the encoding that suits: sparse up to half, 8 bits, else 32", () => {
  const encodingOf = (values: Uint8Array | Float32Array) => storeFeatures(values, 2, 1).encoding;
  assertEquals(encodingOf(Uint8Array.of(0, 1, 0, 1)), "sparse8");
  assertEquals(encodingOf(Uint8Array.of(0, 1, 1, 1)), "dense8");
  assertEquals(encodingOf(Uint8Array.of(0, 0)), "sparse8");
  assertEquals(encodingOf(Float32Array.of(0, 0)), "dense32");
  const wide = new Uint8Array(65537);
  assertEquals(storeFeatures(wide, 65537, 1).encoding, "dense8");
  const widest = storeFeatures(new Uint8Array(65536).fill(1, 65535), 65536, 1);
  assertEquals(widest.parts.columns, Uint16Array.of(65535));
});

Deno.test("storeFeatures() stores densely what it is told to, one scale for each feature", () => {
  const scale = Float32Array.of(1, 2, 4);
  assertEquals(storeFeatures(VALUES, 3, scale, "dense8").parts, { values: VALUES, scale });
  const floats = Float32Array.from(VALUES);
  assertEquals(storeFeatures(VALUES, 3, scale, "dense32").parts, { values: floats, scale });
});

Deno.test("storeFeatures() refuses what does not fit", () => {
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
  refused(RangeError, "expected at most 65536", new Uint8Array(65537), 65537, 1, "sparse8");
});
