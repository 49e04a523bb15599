import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { openLocalMachine } from "../../lib/engine/workers/machine.ts";
import { evaluate } from "../../lib/engine/reference/reference.ts";
import { keepSparse } from "../../lib/tensor/rewrite.ts";
import { augmentations, imageDeformations } from "../../lib/data/augment/mod.ts";
import { standardize } from "../../lib/data/normalize/standardize.ts";
import { layers, type Network, network, type Tensors } from "../../lib/nn/mod.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../../lib/run/checkpoint.ts";
import type { Distributions } from "../../lib/observe/distribution_fields.ts";
import { fit } from "../../lib/train/fit.ts";
import type { FitOptions } from "../../lib/train/options.ts";
import { initialState, shiftOf, updateGroups } from "../../lib/train/mod.ts";
import { exponentialAverage } from "../../lib/optim/averaging/exponential.ts";
import { hiddenOutputs } from "../../lib/observe/hidden.ts";
import { observationStep } from "../../lib/train/observation/step.ts";
import { distributions, observedEpochs, observedRows } from "../../lib/observe/distributions.ts";
import { firstLayer, firstLayerWeights } from "../../lib/observe/first_layer.ts";
import type { TrainingObserver } from "../../lib/train/observation/observer.ts";
import { parametersOf } from "../../lib/train/state.ts";
import { compileStep, storeSplitFeatures } from "../../lib/train/programs.ts";
import { NO_OBSERVATIONS } from "../../lib/run/observations.ts";
import { type ObservedValues, valuesOf } from "./values.ts";
import {
  brightSamples,
  checkpointsOf,
  FEATURES,
  hashOf,
  splitOf,
  stepsLater,
  TOY,
} from "../train/toy.ts";

const dense = (units: number) => ({ name: "dense", units });
const relu = { name: "relu" };

/** A network of some layers as a config names them. */
function networkOf(named: readonly object[], inputs: number = FEATURES): Network {
  return network(named.map((layer) => layers.create(layers.schema.parse(layer))), inputs);
}

/** Networks of all kinds of layers, with the names of what is looked at in them. */
const NETWORKS: Readonly<Record<string, readonly [readonly object[], readonly string[]]>> = {
  "a network without a hidden layer": [[dense(3)], []],
  "rectified layers": [[dense(6), relu, dense(5), relu, dense(3)], ["relu1", "relu2"]],
  "layers that are normalized and dropped": [
    [dense(6), { name: "batchNorm" }, { name: "gelu" }, { name: "dropout", rate: 0.5 }, dense(3)],
    ["gelu1"],
  ],
  "maxout, noise and layers without activation": [
    [{ name: "maxout", units: 5 }, { name: "gaussianNoise", stddev: 1 }, dense(4), dense(3)],
    ["maxout1", "dense1"],
  ],
  "residual blocks": [
    [
      dense(6),
      { name: "residual", layers: [dense(4), relu, dense(6)] },
      { name: "layerNorm" },
      dense(3),
    ],
    ["dense1", "layerNorm1"],
  ],
  "a layer of statistics before the first weights": [
    [{ name: "batchNorm" }, dense(6), { name: "tanh" }, dense(3)],
    ["tanh1"],
  ],
};

/** The toy with another network, and a shift, so that sparse rows are shifted. */
function toyOf(named: readonly object[]): FitOptions {
  const normalization = standardize({ per: "feature" })(TOY.train);
  return {
    ...TOY,
    network: networkOf(named),
    normalization,
    observers: [distributions, firstLayer],
  };
}

Deno.test("observedEpochs() names the beginning, the first, the last, and evenly between, at most 20", () => {
  assertEquals([...observedEpochs(1)], [0, 1]);
  assertEquals([...observedEpochs(2)], [0, 1, 2]);
  assertEquals([...observedEpochs(19)], Array.from({ length: 20 }, (_, epoch) => epoch));
  for (const epochs of [20, 21, 30, 200, 1_000_000]) {
    const observed = [...observedEpochs(epochs)];
    assertEquals([observed.length, observed[0], observed[1], observed.at(-1)], [20, 0, 1, epochs]);
    const steps = observed.slice(2).map((epoch, index) => epoch - (observed[index + 1] ?? NaN));
    assertLess(Math.max(...steps) - Math.min(...steps), 2); // whole numbers nearest to equal distances
  }
});

Deno.test("observedRows() draws rows of the split once each, all if there are few", () => {
  const samples = brightSamples(3000);
  const split = splitOf(samples, 500, 3000);
  const rows = observedRows(split, 7);
  assertEquals([rows.length, new Set(rows).size], [256, 256]);
  assertEquals(rows, rows.toSorted());
  assert(rows.every((row) => row >= 500 && row < 3000));
  assertEquals(observedRows(split, 7), rows);
  assertEquals(observedRows(split, 8).every((row, index) => row === rows[index]), false);
  // 256 of 2,500 numbers: their mean is within 5 of its deviations 2500 / √12 / √256 = 45 of 1,750
  const mean = rows.reduce((sum, row) => sum + row, 0) / 256;
  assertLess(Math.abs(mean - 1750), 5 * 45);
  assertEquals(observedRows(splitOf(samples, 0, 256), 7), splitOf(samples, 0, 256).rows);
});

for (const [what, [named, hidden]] of Object.entries(NETWORKS)) {
  Deno.test(`hiddenOutputs() names the outputs that later layers read in ${what}`, () => {
    assertEquals(hiddenOutputs(networkOf(named)).map(({ layer }) => layer), hidden);
  });

  Deno.test(`observationStep() compiled has the reference's bits for ${what}`, () => {
    const { computed, expected } = bothWays(toyOf(named));
    for (const [name, values] of Object.entries(expected)) {
      assertEquals(computed[name], values, name);
    }
    const { network } = toyOf(named);
    assertEquals(Object.keys(expected), [
      ...hidden.map((name) => `hidden.${name}`),
      ...network.parameters.map(({ name }) => `gradient.${name}`),
    ]);
    const gradients = network.parameters.flatMap((
      { name },
    ) => [...expected[`gradient.${name}`] ?? []]);
    assertGreater(Math.max(...gradients), 0);
  });

  Deno.test(`fit() that observes ${what} takes the same steps, by any number of workers`, async () => {
    const options = toyOf(named);
    const plain = await fit({ ...options, observers: [] });
    const { history, ...rest } = (await fit(options)).checkpoint;
    const unobserved = { ...history, observations: NO_OBSERVATIONS };
    assertEquals({ ...rest, history: unobserved }, plain.checkpoint);
    const hashes: string[] = [];
    for (const workers of [1, 2, 3]) {
      hashes.push(hashOf((await fit({ ...options, workers })).checkpoint));
    }
    assertEquals(new Set(hashes).size, 1);
  });
}

/** Computes the step of observation at the first state with the engine and with the reference. */
function bothWays(options: FitOptions) {
  const { network, train, normalization, seed } = options;
  const groups = updateGroups(network, options);
  const { source, sources } = storeSplitFeatures(train, normalization);
  const rows = observedRows(train, seed);
  const { pass } = distributions.training as TrainingObserver<Distributions>;
  assert(pass !== undefined);
  const step = observationStep({ ...options, groups, source, batch: rows.length }, pass.outputs);
  const state = computedOf(initialState({ network, groups, seed }), {});
  const shift = shiftOf(normalization, network.inputs);
  const labels = Array.from(rows, (row) => train.samples.labels[row]);
  const expected = computedOf(keepSparse(step.outputs, step.origins).outputs, {
    inputs: { ...state, rows, labels, shift },
    sources: { features: { values: train.samples.values, scale: normalization.scale } },
  });
  const program = compileStep(step);
  const machine = openLocalMachine({ programs: { look: program }, sources, perStep: [], steps: 1 });
  for (const [name, values] of Object.entries({ ...state, shift })) {
    if (`in:${name}` in program.spaces) machine.floats(`in:${name}`).set(values);
  }
  machine.integers("in:rows").set(rows);
  machine.integers("in:labels").set(labels);
  machine.run("look");
  const computed = Object.fromEntries(
    Object.keys(expected).map((name) => [name, Float32Array.from(machine.floats(`out:${name}`))]),
  );
  return { computed, expected, state, network, groups };
}

function computedOf(
  tensors: Tensors,
  bindings: Parameters<typeof evaluate>[1],
): Readonly<Record<string, Float32Array>> {
  const values = evaluate(Object.values(tensors), bindings, "f32");
  return Object.fromEntries(
    Object.keys(tensors).map((name, i) => [name, values[i] as Float32Array]),
  );
}

/** Weights of the first layer in a checkpoint. */
function firstOf({ history: { observations } }: Checkpoint): ObservedValues["first"] {
  return valuesOf(observations).first;
}

/** Distributions in a checkpoint. */
function distributionsOf({ history: { observations } }: Checkpoint): Distributions {
  const { distributions } = valuesOf(observations);
  assert(distributions !== undefined);
  return distributions;
}

Deno.test("fit() observes the values of the reference before the first step", async () => {
  const options = toyOf([dense(6), relu, dense(3)]);
  const { expected, state, network, groups } = bothWays(options);
  const values = new Map(Object.entries(state).map(([name, of]) => [name, Float32Array.from(of)]));
  const seen = distributions.training?.observe({
    moment: { epoch: 0, step: 0, epochs: 3, isEpochEnd: true, isEnd: false },
    train: options.train,
    network,
    parameters: parametersOf({ network, groups }, values),
    samples: 53,
    output: (name) => expected[name] ?? new Float32Array(),
  }, undefined);
  const { samples, series } = distributionsOf((await fit(options)).checkpoint);
  assertEquals(samples, 53);
  assertEquals(
    series.map(({ histograms, ...subject }) => ({ ...subject, histograms: [histograms[0]] })),
    seen?.series as unknown,
  );
  assertEquals(series.map(({ kind, name, shape }) => `${kind} ${name} ${shape}`), [
    "activation relu1 6",
    ...["parameter", "gradient"].flatMap((kind) => [
      `${kind} dense1.weight 14,6`,
      `${kind} dense1.bias 6`,
      `${kind} dense2.weight 6,3`,
      `${kind} dense2.bias 3`,
    ]),
  ]);
});

Deno.test("fit() observes the ends of the chosen epochs, and keeps the first weights", async () => {
  const options = { ...toyOf([dense(6), relu, dense(3)]), epochs: 30 };
  const { checkpoint } = await fit(options);
  const { moments } = distributionsOf(checkpoint);
  assertEquals(moments.map(({ epoch }) => epoch), [...observedEpochs(30)]);
  assertEquals(moments.map(({ step }) => step), [...observedEpochs(30)].map((epoch) => 4 * epoch));
  const first = bothWays(options).state["all.parameters"] ?? [];
  const { before: weights, ...units } = firstOf(checkpoint) ?? {};
  assertEquals(units as unknown, { parameter: "dense1.weight", units: 6, inputs: 14, shown: 6 });
  assertEquals(
    [...weights ?? []],
    Array.from({ length: 84 }, (_, i) => first[i % 14 * 6 + Math.floor(i / 14)]),
  );
});

Deno.test("fit() with observers, resumed from any step, ends with the same bytes", async () => {
  const options = toyOf([dense(6), { name: "batchNorm" }, relu, dense(3)]);
  const checkpoints = await checkpointsOf(options);
  const end = hashOf(checkpoints.at(-1) as Checkpoint);
  for (const checkpoint of checkpoints) {
    const stops = checkpoint.position.epoch === options.epochs ? [0] : [0, 1, 3];
    for (const steps of stops) {
      const reached = steps === 0 ? checkpoint : await stepsLater(options, checkpoint, steps);
      const from = decodeCheckpoint(encodeCheckpoint(reached));
      assertEquals(from, reached);
      assertEquals(hashOf((await fit({ ...options, from })).checkpoint), end);
    }
  }
});

Deno.test("fit() that stops early observes its end, also within an epoch", async () => {
  const options = {
    ...toyOf([dense(6), relu, dense(3)]),
    epochs: 400,
    validateEvery: { steps: 3 },
    earlyStopping: { metric: "validation.accuracy", patience: 1, restoreBest: false } as const,
  };
  const { checkpoint, finished } = await fit(options);
  const { epoch, step } = checkpoint.position;
  assert(finished && epoch < 400 && step > 4 * epoch);
  const { moments } = distributionsOf(checkpoint);
  assertEquals(moments.at(-1), { epoch, step });
  assertEquals(moments.slice(0, 2).map(({ step }) => step), [0, 4]);
});

Deno.test("fit() observes the weights themselves, not their averages", async () => {
  const plain = toyOf([dense(6), relu, dense(3)]);
  const averaging = exponentialAverage({ decay: 0.9 });
  const [{ checkpoint: alone }, { checkpoint: averaged }] = [
    await fit(plain),
    await fit({ ...plain, averaging }),
  ];
  assertEquals(distributionsOf(averaged), distributionsOf(alone));
});

Deno.test("fit() observes samples without augmentation", async () => {
  const plain = toyOf([dense(6), relu, dense(3)]);
  const noise = augmentations.create(augmentations.schema.parse({ name: "noise" }));
  const images = imageDeformations([noise], plain.train.samples);
  const signal = AbortSignal.abort(); // before the first step: both have the first weights
  const [alone, augmented] = [
    await fit({ ...plain, signal }),
    await fit({ ...plain, signal, deformations: images }),
  ];
  assertEquals(distributionsOf(augmented.checkpoint), distributionsOf(alone.checkpoint));
});

Deno.test("fit() resumed from a run without observations, or with other layers, observes from there on", async () => {
  const options = toyOf([dense(6), relu, dense(3)]);
  const { checkpoint: blind } = await fit({ ...options, observers: [] });
  const more = await fit({ ...options, from: blind, epochs: 5 });
  assertEquals(distributionsOf(more.checkpoint).moments.map(({ epoch }) => epoch), [3, 4, 5]);
  assertEquals(firstOf(more.checkpoint), undefined);
  const { checkpoint: from } = await fit(options);
  const other = { ...options, network: toyOf([dense(6), { name: "gelu" }, dense(3)]).network };
  const { checkpoint } = await fit({ ...other, from, epochs: 5 });
  const { moments, series } = distributionsOf(checkpoint);
  assertEquals(moments.map(({ epoch }) => epoch), [4, 5]);
  assertEquals(series[0]?.name, "gelu1");
  assertEquals(firstOf(checkpoint), firstOf(from));
});

Deno.test("fit() counts non-finite numbers separately: activations may overflow when weights do not", async () => {
  const options = toyOf([dense(6), dense(6), dense(3)]);
  const huge = (shape: readonly number[]) => ({
    shape,
    data: new Float32Array(shape.reduce((size, length) => size * length, 1)).fill(1e38),
  });
  const initial = new Map(options.network.parameters.map(({ name, shape }) => [name, huge(shape)]));
  const { checkpoint } = await fit({ ...options, initial, signal: AbortSignal.abort() });
  const { series } = distributionsOf(checkpoint);
  const [, second] = series.filter(({ kind }) => kind === "activation");
  assertEquals(second?.histograms[0]?.infinite, 6 * 53);
  assertEquals(
    distributionsOf(decodeCheckpoint(encodeCheckpoint(checkpoint))),
    distributionsOf(checkpoint),
  );
});

Deno.test("firstLayerWeights() keeps as many units as there is room for, or none", () => {
  const of = (inputs: number, units: number) =>
    firstLayerWeights({
      network: networkOf([dense(units)], inputs),
      parameters: new Map([["dense1.weight", {
        shape: [inputs, units],
        data: new Float32Array(inputs * units),
      }]]),
    })?.units;
  assertEquals(of(784, 128)?.shown, 32);
  assertEquals(of(784, 10)?.shown, 10);
  assertEquals(of(12_288, 100)?.shown, 8); // ⌊100,000 ÷ 12,288⌋
  assertEquals(of(100_001, 2), undefined);
  assertEquals(firstLayerWeights({ network: networkOf([relu]), parameters: new Map() }), undefined);
});
