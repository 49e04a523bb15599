import { assertEquals, assertLessOrEqual, assertThrows } from "@std/assert";
import {
  foldBatchNorm,
  forward,
  layers,
  type LayerValue,
  type NamedLayer,
  network,
} from "../../lib/nn/mod.ts";
import { input, sizeOf } from "../../lib/tensor/mod.ts";
import { normalValues, valuesOf } from "../numbers.ts";

const parse = (named: readonly object[]): readonly NamedLayer[] =>
  named.map((layer) => layers.schema.parse(layer));

const LAYERS = parse([
  { name: "batchNorm" },
  { name: "dense", units: 4 },
  { name: "batchNorm", epsilon: 0.1 },
  { name: "relu" },
  {
    name: "residual",
    layers: [{ name: "dense", units: 4 }, { name: "batchNorm" }, { name: "tanh" }, {
      name: "batchNorm",
    }],
  },
  { name: "dense", units: 3 },
  { name: "relu" },
  { name: "batchNorm" },
]);

const built = (named: readonly NamedLayer[]) =>
  network(named.map((layer) => layers.create(layer)), 5);

/** Normal numbers for all parameters and states; variances are positive. */
function valuesFor(named: readonly NamedLayer[]): ReadonlyMap<string, LayerValue> {
  const { parameters, state } = built(named);
  return new Map([...parameters, ...state].map(({ name, shape }) => {
    const data = Float32Array.from(normalValues(name, shape));
    return [name, { shape, data: name.endsWith("variance") ? data.map((x) => x * x) : data }];
  }));
}

/** Returns a network's predictions for two samples, in double precision. */
function predictions(
  named: readonly NamedLayer[],
  values: ReadonlyMap<string, LayerValue>,
): readonly number[] {
  const { parameters, state, ...rest } = built(named);
  const inputs = Object.fromEntries([...values].map(([name, { data }]) => [name, [...data]]));
  const tensors = (specs: typeof parameters | typeof state) =>
    Object.fromEntries(specs.map(({ name, shape }) => [name, input(name, shape)]));
  const { y } = forward({ parameters, state, ...rest }, tensors(parameters), input("x", [2, 5]), {
    state: tensors(state),
    training: undefined,
  });
  return valuesOf(y, { inputs: { ...inputs, x: normalValues("x", [2, 5]) } });
}

Deno.test("foldBatchNorm() removes batch norms that follow a dense layer, in blocks too, and no others", () => {
  const folded = foldBatchNorm({ layers: LAYERS, values: valuesFor(LAYERS) });
  assertEquals(
    folded.layers,
    parse([
      { name: "batchNorm" },
      { name: "dense", units: 4 },
      { name: "relu" },
      {
        name: "residual",
        layers: [{ name: "dense", units: 4 }, { name: "tanh" }, { name: "batchNorm" }],
      },
      { name: "dense", units: 3 },
      { name: "relu" },
      { name: "batchNorm" },
    ]),
  );
  const { parameters, state } = built(folded.layers);
  const expected = [...parameters, ...state].map(({ name, shape }) => ({ name, shape }));
  const shapes = [...folded.values].map(([name, { shape, data }]) => {
    assertEquals(data.length, sizeOf(shape));
    return { name, shape };
  });
  const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1;
  assertEquals(shapes.toSorted(byName), expected.toSorted(byName));
});

Deno.test("foldBatchNorm() changes predictions by no more than the rounding of the new weights", () => {
  const values = valuesFor(LAYERS);
  const folded = foldBatchNorm({ layers: LAYERS, values });
  const before = predictions(LAYERS, values);
  const after = predictions(folded.layers, folded.values);
  // Each weight is rounded once, by 2⁻²⁴ of itself at most. Weights, scales and activations here are of
  // size 1, sums have 5 terms at most, and a variance near 0 stretches by 1 / √1e-5 ≈ 316 at most.
  const size = Math.max(...before.map(Math.abs));
  for (const [index, value] of before.entries()) {
    assertLessOrEqual(Math.abs(value - (after[index] ?? NaN)), 2 ** -24 * 5 * 316 * (1 + size));
  }
});

Deno.test("foldBatchNorm() computes W s and (b - mean) s + shift", () => {
  const named = parse([{ name: "dense", units: 2 }, { name: "batchNorm", epsilon: 1 }]);
  const vector = (...numbers: number[]) => ({ shape: [2], data: Float32Array.from(numbers) });
  const { layers: kept, values } = foldBatchNorm({
    layers: named,
    values: new Map([
      ["dense1.weight", { shape: [1, 2], data: Float32Array.of(4, 6) }],
      ["dense1.bias", vector(1, 2)],
      ["batchNorm1.scale", vector(2, 3)],
      ["batchNorm1.shift", vector(10, 20)],
      ["batchNorm1.mean", vector(3, 4)],
      ["batchNorm1.variance", vector(3, 8)],
    ]),
  });
  assertEquals(kept.map(({ name }) => name), ["dense"]);
  assertEquals([...values], [
    ["dense1.weight", { shape: [1, 2], data: Float32Array.of(4, 6) }],
    ["dense1.bias", { shape: [2], data: Float32Array.of(8, 18) }],
  ]);
});

Deno.test("foldBatchNorm() returns networks without batch norm unchanged, and never changes its argument", () => {
  const named = parse([{ name: "dense", units: 2 }, { name: "relu" }, { name: "batchNorm" }]);
  const values = valuesFor(named);
  assertEquals(foldBatchNorm({ layers: named, values }), { layers: named, values });
  const copy = structuredClone(valuesFor(LAYERS));
  const given = valuesFor(LAYERS);
  foldBatchNorm({ layers: LAYERS, values: given });
  assertEquals(given, copy);
});

Deno.test("foldBatchNorm() names a missing value", () => {
  const values = new Map(valuesFor(LAYERS));
  values.delete("batchNorm2.mean");
  assertThrows(
    () => foldBatchNorm({ layers: LAYERS, values }),
    TypeError,
    'expected a value "mean": received "scale", "shift", "variance"',
  );
});
