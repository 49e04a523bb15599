import { assertEquals } from "@std/assert";
import { configDifferences } from "../../../lib/analysis/compare/difference.ts";
import { experimentSchema } from "../../../pipelines/experiment/stage_table.ts";

const LAYERS = [{ name: "dense", units: 16 }, { name: "relu" }, { name: "dense", units: 10 }];

/** A config as run folders hold it: every default written out. */
function configOf(train: object, more: object = {}) {
  return {
    name: "digits",
    seed: 1,
    pipeline: [
      { stage: "load", dataset: { name: "mnist" } },
      { stage: "split", validation: 5000 },
      {
        stage: "train",
        layers: LAYERS,
        loss: { name: "softmaxCrossEntropy" },
        optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
        learningRate: { name: "constant", rate: 0.001 },
        epochs: 5,
        batchSize: 64,
        ...train,
      },
      { stage: "evaluate", on: ["validation"], augmentedCopies: 0 },
      { stage: "report" },
    ],
    ...more,
  };
}

function found(...configs: readonly unknown[]) {
  return configDifferences(configs, experimentSchema()).map(({ key, values }) => [key, ...values]);
}

Deno.test("configDifferences() returns the differing options by their paths in --set", () => {
  const deeper = LAYERS.with(0, { name: "dense", units: 32 });
  assertEquals(found(configOf({}), configOf({ epochs: 9 }), configOf({ layers: deeper })), [
    ["train.layers[0].units", 16, 16, 32],
    ["train.epochs", 5, 9, 5],
  ]);
  assertEquals(found(configOf({}, { seed: 1 }), configOf({}, { seed: 2 })), [["seed", 1, 2]]);
});

Deno.test("configDifferences() omits options that do not change results: names, descriptions and the report", () => {
  const { pipeline } = configOf({});
  const other = { ...configOf({}, { name: "other", description: "other", $schema: "x" }) };
  assertEquals(found(configOf({}), { ...other, pipeline: pipeline.slice(0, -1) }), []);
});

Deno.test("configDifferences() treats an option at its default like a missing option", () => {
  const older = configOf({});
  const { augmentedCopies: _, ...evaluate } = {
    stage: "evaluate",
    on: ["validation"],
    augmentedCopies: 0,
  };
  const pipeline = older.pipeline.map((stage) => stage.stage === "evaluate" ? evaluate : stage);
  assertEquals(found(older, { ...older, pipeline }), []);
});

Deno.test("configDifferences() returns entries with different names as a whole, without options at their defaults", () => {
  const momentum = { name: "momentum", decay: 0.9 };
  assertEquals(found(configOf({}), configOf({ optimizer: momentum })), [
    ["train.optimizer", { name: "adam" }, { name: "momentum" }],
  ]);
  const faster = { name: "adam", beta1: 0.8, beta2: 0.999, epsilon: 1e-8 };
  assertEquals(found(configOf({}), configOf({ optimizer: faster })), [
    ["train.optimizer.beta1", 0.9, 0.8],
  ]);
  const wider = LAYERS.slice(0, 1);
  assertEquals(found(configOf({}), configOf({ layers: wider })), [
    ["train.layers", LAYERS, wider],
  ]);
});

Deno.test("configDifferences() returns stages that some configs lack, and a different order of common stages", () => {
  const config = configOf({});
  const [load, split, ...rest] = config.pipeline;
  const reduce = { stage: "reduce", method: { name: "pca", components: 40 } };
  const reduced = { ...config, pipeline: [load, split, reduce, ...rest] };
  assertEquals(found(config, reduced), [
    ["reduce", undefined, { method: { name: "pca", components: 40 } }],
  ]);
  assertEquals(found({ ...config, pipeline: [split, load, ...rest] }, config), [
    [
      "pipeline",
      ["split", "load", "train", "evaluate", "report"],
      ["load", "split", "train", "evaluate", "report"],
    ],
  ]);
});

Deno.test("configDifferences() omits options that vary between the members of an ensemble", () => {
  const grid = { seed: [1, 2], "train.optimizer.name": ["sgd", "adam"], "train.epochs": [5, 6] };
  assertEquals(found(configOf({}), configOf({}, { ensemble: grid })), [
    ["seed", 1, undefined],
    ["train.optimizer", { name: "adam" }, undefined],
    ["train.epochs", 5, undefined],
    ["ensemble", undefined, grid],
  ]);
});

Deno.test("configDifferences() compares values that are not configs literally", () => {
  assertEquals(found(null, { seed: 3 }, []), [["seed", undefined, 3, undefined]]);
  assertEquals(found({ a: { b: [1] } }, { a: { b: [2] } }), [["a.b", [1], [2]]]);
});
