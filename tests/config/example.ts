/**
 * A small table of stages for the tests of configs, and a config that is right.
 *
 * @module
 */
import { z } from "zod";
import { findMissingValidationProblems } from "../../lib/config/checks.ts";
import { entry, registry } from "../../lib/config/registry.ts";
import { stageTable } from "../../pipelines/experiment/stage_table.ts";

const none = z.strictObject({});
const decay = z.number().min(0).lt(1).default(0.9).describe("share kept at each step");

const datasets = registry("data set", {
  mnist: entry({ doc: "digits", options: none, create: () => "mnist" }),
  idx: entry({
    doc: "files",
    options: z.strictObject({ images: z.string().min(1), classes: z.array(z.string()).optional() }),
    create: ({ images }) => images,
  }),
});
const normalizers = registry("method", {
  unit: entry({ doc: "to 0 … 1", options: none, create: () => 1 }),
  standardize: entry({ doc: "mean 0", options: none, create: () => 2 }),
});
const layers = registry("layer", {
  dense: entry({
    doc: "fully connected",
    options: z.strictObject({ units: z.int().min(1).max(65536), bias: z.boolean().default(true) }),
    create: ({ units }) => units,
  }),
  relu: entry({ doc: "max(x, 0)", options: none, create: () => 0 }),
});
const losses = registry("loss", {
  softmaxCrossEntropy: entry({ doc: "", options: none, create: () => 0 }),
});
const optimizers = registry("optimizer", {
  sgd: entry({ doc: "descent", options: none, create: () => 0 }),
  momentum: entry({ doc: "with momentum", options: z.strictObject({ decay }), create: () => 0 }),
  adam: entry({ doc: "Adam", options: z.strictObject({ decay }), create: () => 0 }),
});
const schedules = registry("schedule", {
  constant: entry({
    doc: "",
    options: z.strictObject({ rate: z.number().gt(0) }),
    create: () => 0,
  }),
  cosine: entry({
    doc: "",
    options: z.strictObject({ from: z.number().gt(0), to: z.number().min(0).default(0) }),
    create: () => 0,
  }),
});

/** A table of stages as pipelines have it, without what the stages do. */
export const stages = {
  load: {
    doc: "loads a data set",
    options: z.strictObject({ dataset: datasets.schema }),
    needs: [],
    gives: ["dataset"],
  },
  split: {
    doc: "holds out",
    options: stageTable.split.options,
    needs: ["dataset"],
    gives: ["splits"],
  },
  normalize: {
    doc: "scales",
    options: z.strictObject({ method: normalizers.schema }),
    needs: ["splits"],
    gives: ["normalization"],
  },
  train: {
    doc: "trains",
    options: z.strictObject({
      layers: z.array(layers.schema).min(1).max(1000),
      loss: losses.schema,
      optimizer: optimizers.schema,
      learningRate: schedules.schema,
      epochs: z.int().min(1).max(1_000_000),
      batchSize: z.int().min(1).max(1_000_000).default(64)
        .describe("samples a step"),
    }),
    needs: ["splits", "normalization"],
    gives: ["model"],
  },
  evaluate: {
    doc: "evaluates",
    options: stageTable.evaluate.options,
    needs: ["splits", "model"],
    gives: ["evaluations"],
  },
  report: {
    doc: "draws",
    options: z.strictObject({ panels: z.array(z.enum(["loss", "accuracy"])).min(1).optional() }),
    needs: ["evaluations"],
    gives: ["report"],
  },
};

/** Rules by which the tests check configs. */
export const rules = { stages, checks: [findMissingValidationProblems] };

/** A config that is right; one line a stage, so that lines in messages are easy to count. */
export const TEXT = `{
  // a comment
  "$schema": "./schema.json",
  "name": "mnist-mlp",
  "seed": 42,
  "pipeline": [
    { "stage": "load", "dataset": { "name": "mnist" } },
    { "stage": "split", "validation": 5000 },
    { "stage": "normalize", "method": { "name": "unit" } },
    {
      "stage": "train",
      "layers": [{ "name": "dense", "units": 128 }, { "name": "relu" }, { "name": "dense", "units": 10 }],
      "loss": { "name": "softmaxCrossEntropy" },
      "optimizer": { "name": "momentum", "decay": 0.5 },
      "learningRate": { "name": "cosine", "from": 0.002 },
      "epochs": 10,
    },
    { "stage": "evaluate" },
    { "stage": "report" }, /* trailing commas are fine */
  ],
}
`;

/** Reads from a record of files, as `readText` of `readConfig()`. */
export function reader(files: Readonly<Record<string, string>>): (path: string) => string {
  return (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no file ${path}`);
    return text;
  };
}
