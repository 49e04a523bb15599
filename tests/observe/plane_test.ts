/** Observations of a network over the plane of its two features. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Dataset, Split } from "../../lib/data/dataset.ts";
import { moons } from "../../lib/data/datasets/plane/moons.ts";
import { standardizeEntry } from "../../lib/data/normalize/standardize.ts";
import { dense, network, relu, softmaxCrossEntropy } from "../../lib/nn/mod.ts";
import { batchNorm } from "../../lib/nn/layers/batch_norm.ts";
import { type Boundary, boundary, BOUNDARY_SIDE } from "../../lib/observe/boundary.ts";
import { observers } from "../../lib/observe/mod.ts";
import { appendWithinLimit, MOMENTS, plottedEpochs } from "../../lib/observe/moments.ts";
import { extentWithMargin, gridSamples, plane } from "../../lib/observe/plane.ts";
import { units, UNITS_SIDE } from "../../lib/observe/units.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import { type Observations, valueIn } from "../../lib/run/observations.ts";
import { fit } from "../../lib/train/fit.ts";
import { predict } from "../../lib/train/inference/predictor.ts";
import { evaluateAndObserve } from "../../lib/train/inference/evaluate.ts";
import { constantRate, sgd } from "../../lib/train/mod.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { checkpointsOf, hashOf, splitOf, TOY } from "../train/toy.ts";

function datasetOf(): Dataset {
  const source = moons({ samples: 80 });
  return source.generate();
}

const DATASET = datasetOf();

const TRAIN = splitOf(DATASET.train, 0, 60);

/** 2-5-2 on 60 samples in batches of 16; 12 epochs. */
const PLANE = {
  ...TOY,
  network: network([dense({ units: 5 }), batchNorm(), relu(), dense({ units: 2 })], 2),
  loss: softmaxCrossEntropy(),
  optimizer: sgd(),
  learningRate: constantRate({ rate: 0.1 }),
  epochs: 12,
  train: TRAIN,
  validation: splitOf(DATASET.train, 60),
  normalization: standardizeEntry.create({})(TRAIN),
  observers,
} satisfies FitOptions;

function boundaryOf(observations: Observations): Boundary {
  const found = valueIn(observations, boundary, "test");
  assert(found !== undefined);
  return found;
}

Deno.test("plottedEpochs() begins with 0 and 1, ends with the last and grows by equal ratios", () => {
  assertEquals([...plottedEpochs(100)], [0, 1, 2, 5, 10, 22, 46, 100]);
  assertEquals([...plottedEpochs(1)], [0, 1]);
  assertEquals([...plottedEpochs(3)], [0, 1, 2, 3]);
  for (let epochs = 1; epochs < 2000; epochs++) {
    const drawn = [...plottedEpochs(epochs)];
    assert(drawn.length <= MOMENTS && drawn.at(-1) === epochs, `${epochs}`);
  }
});

Deno.test("appendWithinLimit() keeps the first moment and the last ones", () => {
  const all = Array.from({ length: 20 }, (_, i) => i);
  const kept = all.reduce<readonly number[]>(appendWithinLimit, []);
  assertEquals(kept, [0, 13, 14, 15, 16, 17, 18, 19]);
});

Deno.test("gridSamples() are the middles of the cells, from the upper left one", () => {
  const { samples: { values }, rows } = gridSamples(Float32Array.of(0, 2, 10, 14), 2);
  assertEquals([...values], [0.5, 13, 1.5, 13, 0.5, 11, 1.5, 11]);
  assertEquals([...rows], [0, 1, 2, 3]);
});

Deno.test("extentWithMargin() has a margin of a tenth, and a positive extent for equal samples", () => {
  const split: Split = {
    samples: {
      count: 3,
      shape: [2],
      values: Float32Array.of(0, 7, 10, 7, 99, 99),
      labels: new Uint16Array(3),
    },
    rows: Uint32Array.of(0, 1),
  };
  assertEquals([...extentWithMargin(split)], [-1, 11, 6, 8]);
});

Deno.test("fit() stores the decisions that predict() makes over the plane", async () => {
  const { trained, observations } = await fit(PLANE);
  const { epochs, steps, classes, probabilities, extent } = boundaryOf(observations);
  assertEquals([...epochs], [...plottedEpochs(12)]);
  assertEquals([...steps], [...epochs].map((epoch) => 4 * epoch));
  assertEquals(extent, extentWithMargin(PLANE.train));
  const grid = gridSamples(extent, BOUNDARY_SIDE).samples;
  const predicted = await predict(trained, grid.values);
  const last = (epochs.length - 1) * grid.count;
  for (let cell = 0; cell < grid.count; cell++) {
    const [first, second] = predicted.subarray(2 * cell, 2 * cell + 2);
    assertEquals(classes[last + cell], second > first ? 1 : 0);
    assertEquals(probabilities[last + cell], Math.round(255 * Math.max(first, second)));
  }
});

Deno.test("fit() that observes the plane ends with the same bytes for any number of workers, and resumed", async () => {
  const checkpoints = await checkpointsOf({ ...PLANE, epochs: 4 });
  const end = hashOf(checkpoints.at(-1) ?? checkpoints[0]);
  for (const workers of [2, 3]) {
    assertEquals(hashOf((await fit({ ...PLANE, epochs: 4, workers })).checkpoint), end);
  }
  for (const checkpoint of checkpoints.slice(0, -1)) {
    const from = decodeCheckpoint(encodeCheckpoint(checkpoint));
    assertEquals(hashOf((await fit({ ...PLANE, epochs: 4, from })).checkpoint), end);
  }
});

Deno.test("fit() on more features has no plane, and the same other observations", async () => {
  const others = observers.filter((each) => each.name !== boundary.name);
  const [all, without] = [
    await fit({ ...TOY, observers }),
    await fit({ ...TOY, observers: others }),
  ];
  assertEquals(all.observations, without.observations);
  assert([...all.observations.tensors.keys()].every((name) => !name.startsWith("boundary")));
});

Deno.test("evaluateAndObserve() stores hidden units whose lines are those of their weights", async () => {
  const plain = network([dense({ units: 3 }), relu(), dense({ units: 2 })], 2);
  const { trained, observations } = await fit({ ...PLANE, network: plain });
  const named = [{ name: "validation" as const, split: PLANE.validation }];
  const stored: Observations[] = [];
  for (const workers of [1, 2]) {
    const ended = await evaluateAndObserve(trained, named, { workers }, [units], observations);
    stored.push(ended.observations);
  }
  assertEquals(stored[1], stored[0]);
  const found = valueIn(stored[0], units, "test");
  assert(found !== undefined);
  assertEquals(found.layers, [{ layer: "relu1", units: 3, shown: 3, isActivated: true }]);
  const weight = trained.parameters.get("dense1.weight")?.data ?? [];
  const bias = trained.parameters.get("dense1.bias")?.data ?? [];
  const { shift, scale } = PLANE.normalization;
  const at = (values: number | Float32Array, feature: number) =>
    typeof values === "number" ? values : values[feature];
  const grid = gridSamples(found.extent, UNITS_SIDE).samples;
  for (let unit = 0; unit < 3; unit++) {
    for (let cell = 0; cell < grid.count; cell++) {
      const input = [0, 1].reduce((sum, feature) => {
        const x = (grid.values[2 * cell + feature] - at(shift, feature)) * at(scale, feature);
        return sum + x * weight[3 * feature + unit];
      }, bias[unit]);
      const place = unit * grid.count + cell;
      assertAlmostEquals(found.inputs[place], input, 1e-5);
      assertEquals(found.outputs[place], Math.max(0, found.inputs[place]));
    }
  }
});

Deno.test("evaluateAndObserve() has no hidden units without a hidden layer, or without a plane", async () => {
  const flat = await fit({ ...PLANE, network: network([dense({ units: 2 })], 2) });
  const named = [{ name: "validation" as const, split: PLANE.validation }];
  const ended = await evaluateAndObserve(flat.trained, named, {}, [units], flat.observations);
  assertEquals(ended.observations.tensors.size, 0);
  const { trained } = await fit(PLANE);
  assertEquals(
    (await evaluateAndObserve(trained, named, {}, [units])).observations.tensors.size,
    0,
  );
});

Deno.test("plane keeps training and validation samples of two features, and nothing of other data", () => {
  const found = plane.data?.(DATASET, { train: PLANE.train, validation: PLANE.validation });
  assertEquals(found?.train.points.length, 120);
  assertEquals(found?.validation?.labels, DATASET.train.labels.slice(60));
  const { train, validation } = TOY;
  assertEquals(plane.data?.(DATASET, { train, validation }), undefined);
});
