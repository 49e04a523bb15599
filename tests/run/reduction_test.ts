/** Preparation and reduction in models and results. */
import { assertEquals, assertThrows } from "@std/assert";
import { sha256 } from "../../lib/data/sha256.ts";
import { decodeModel, encodeModel, type Model } from "../../lib/run/model.ts";
import { decodeResults, encodeResults } from "../../lib/run/results.ts";
import { decodeSafetensors, encodeSafetensors } from "../../lib/run/codec/safetensors.ts";
import { RECORD } from "./example.ts";

/** One component of three features. */
const MODEL: Model = {
  parameters: new Map([
    ["dense1.weight", { shape: [1, 2], data: Float32Array.of(1, 2) }],
    ["dense1.bias", { shape: [2], data: Float32Array.of(0, 1) }],
  ]),
  layers: [{ name: "dense", units: 2 }],
  classes: ["cat", "dog"],
  shape: [1, 3],
  preparation: [{ name: "deskew" }, { name: "center", interpolate: true }],
  normalization: {
    name: "unit",
    shift: 0,
    scale: 1 / 255,
    reduction: {
      name: "pca",
      mean: Float32Array.of(0.25, 0.5, 0.75),
      components: Float32Array.of(0.6, 0, 0.8),
      scale: Float32Array.of(2),
      variances: Float64Array.of(0.25, 0.1, 0),
    },
  },
  encoding: "sparse8",
};

/** The bytes of the model with other metadata or tensors. */
function changed(change: {
  readonly metadata?: readonly (readonly [string, string])[];
  readonly without?: string;
}): Uint8Array {
  const { tensors, metadata } = decodeSafetensors(encodeModel(MODEL), "x");
  const kept = [...tensors].filter(([name]) => name !== change.without);
  return encodeSafetensors({
    tensors: new Map(kept),
    metadata: new Map([...metadata, ...change.metadata ?? []]),
  });
}

Deno.test("decodeModel() returns the preparation and the reduction of encodeModel()", () => {
  const bytes = encodeModel(MODEL);
  assertEquals(decodeModel(bytes), MODEL);
  assertEquals(sha256(bytes).slice(0, 16), "9fe4387915be8304");
});

Deno.test("decodeModel() rejects an unknown preparation, and a reduction that does not fit", () => {
  const methods = JSON.stringify([{ name: "deskw" }]);
  assertThrows(
    () => decodeModel(changed({ metadata: [["preparation", methods]] })),
    SyntaxError,
    "expected another value",
  );
  assertThrows(
    () => decodeModel(changed({ metadata: [["shape", "[2]"]] })),
    SyntaxError,
    '"reduction.mean" of Float32Array [2]',
  );
  assertThrows(
    () => decodeModel(changed({ without: "reduction.components" })),
    SyntaxError,
    '"reduction.components" of Float32Array [3, 1]: received none',
  );
});

const REDUCTION = { name: "pca", kept: 2, variances: Float64Array.of(0.1, 0.05, 0) };

Deno.test("decodeResults() returns the reduction of encodeResults(), or none", () => {
  const { run: _, config: __, parameters: ___, epochs: ____, ...results } = RECORD;
  const bytes = encodeResults({ ...results, reduction: REDUCTION });
  assertEquals(decodeResults(bytes), { ...results, reduction: REDUCTION });
  assertEquals("reduction" in decodeResults(encodeResults(results)), false);
});

Deno.test("decodeResults() rejects a reduction that keeps more components than there are", () => {
  const { run: _, config: __, parameters: ___, epochs: ____, ...results } = RECORD;
  const { tensors, metadata } = decodeSafetensors(
    encodeResults({ ...results, reduction: REDUCTION }),
    "x",
  );
  const read = (text: string) =>
    decodeResults(
      encodeSafetensors({ tensors, metadata: new Map([...metadata, ["reduction", text]]) }),
    );
  assertThrows(
    () => read('{"name":"pca","kept":4}'),
    SyntaxError,
    "expected at most 3 components kept: received 4",
  );
  assertThrows(() => read('{"name":"pca"}'), SyntaxError, "expected another value");
});
