/**
 * The stages as a config sees them, in the order of the data: options, needs and gives.
 *
 * What the stages do is said by `stages.ts`; this part alone is enough to check a config and to
 * write its JSON Schema.
 *
 * @module
 */
import { z } from "zod";
import { durationSchema } from "../../lib/config/duration.ts";
import { type JsonSchema, jsonSchema } from "../../lib/config/json_schema.ts";
import type { OptionsOf } from "../../lib/config/registry.ts";
import { type Config, configSchema } from "../../lib/config/schema.ts";
import { augmentations } from "../../lib/data/augment/mod.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";
import { preparations } from "../../lib/data/prepare/mod.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { metricSchema } from "../../lib/evaluate/monitor.ts";
import { layers, regularizationSchema } from "../../lib/nn/layers/mod.ts";
import { MOST_LAYERS } from "../../lib/nn/network.ts";
import { losses } from "../../lib/nn/losses/mod.ts";
import { panels } from "../../lib/report/mod.ts";
import { averagings } from "../../lib/optim/averaging/mod.ts";
import { clipSchema } from "../../lib/optim/clip.ts";
import { optimizers } from "../../lib/optim/optimizers/mod.ts";
import { schedules } from "../../lib/optim/schedules/mod.ts";
import { earlyStoppingSchema } from "../../lib/train/early_stopping.ts";
import { adversarialSchema } from "../../lib/train/step/adversarial.ts";

/** A share below 1, or a number of samples. */
const amount = z.number().min(0)
  .refine((value) => value < 1 || Number.isSafeInteger(value), {
    message: "a share below 1, or a whole number of samples",
  })
  .optional();

const count = z.int().min(1).max(1_000_000);

/** Some of the names that there are, each at most once. */
const someOf = <Name extends string>(names: readonly Name[], what: string) =>
  z.array(z.enum(names)).min(1)
    .refine((chosen) => new Set(chosen).size === chosen.length, { message: `each ${what} once` });

/** Options of training that refine the plain loop; none costs anything where it is not asked for. */
export const refinements = {
  augment: z.lazy(() => z.array(augmentations.schema).max(16)).optional()
    .describe("what is done to the training images anew at each step, one after the other"),
  adversarial: adversarialSchema.optional().describe(
    "learns from each batch once more, moved to where its loss rises most steeply",
  ),
  regularization: regularizationSchema.optional()
    .describe("what keeps weights small, where a layer says nothing else; biases are left alone"),
  clip: clipSchema.optional().describe("limits of the gradient"),
  accumulate: count.optional()
    .describe("batches whose gradients make up an update, each of them a step; 1 if not given"),
  averaging: z.lazy(() => averagings.schema).optional()
    .describe("mean of the weights, scored beside them; the model has it in the end"),
  validateEvery: z.union([
    z.strictObject({ epochs: count.describe("epochs from one score to the next") }),
    z.strictObject({ steps: count.describe("steps from one score to the next") }),
  ]).optional().describe("when the validation split is scored; each epoch if not given"),
  earlyStopping: earlyStoppingSchema.optional()
    .describe("ends training when scores have not become better for a while"),
  best: metricSchema.optional().describe(
    "keeps the checkpoint that is best by this as well; earlyStopping restores that one",
  ),
  checkpoint: z.strictObject({
    keep: count.default(1).describe("how many of the checkpoints at ends of epochs are kept"),
    every: durationSchema.optional().describe(
      'time after which a checkpoint is written within an epoch too, as "60 s"; it is removed at the ' +
        "end of the epoch",
    ),
  }).optional().describe("when checkpoints are written and kept; no result depends on it"),
};

export const stageTable = {
  load: {
    doc: "Loads a data set",
    options: z.strictObject({ dataset: datasets.schema.describe("the data set") }),
    needs: [],
    gives: ["dataset"],
  },
  split: {
    doc: "Holds out a validation and a test split of the training data, stratified by class",
    options: z.strictObject({
      validation: amount.describe(
        "samples held out of the training data: a share below 1, or a number of samples",
      ),
      test: amount.describe(
        "samples held out before that as test split, if the data set brings none",
      ),
      folds: z.int().min(2).max(1_000_000).optional()
        .describe("in place of validation: number of folds of one size, for cross-validation"),
      fold: z.int().min(1).optional().describe("which of them is held out in this run, from 1"),
    }).refine(({ folds, fold }) => (folds === undefined) === (fold === undefined), {
      message: "expected both folds and fold, or neither",
      path: ["folds"],
    }).refine(({ validation, folds }) => folds !== undefined || validation !== undefined, {
      message: "expected validation, or folds and fold",
      path: ["validation"],
    }).refine(({ validation, folds }) => folds === undefined || (validation ?? 0) === 0, {
      message: "expected no validation beside folds, or 0",
      path: ["validation"],
    }).refine(({ folds, fold }) => (fold ?? 0) <= (folds ?? Infinity), {
      message: "expected one of the folds, from 1",
      path: ["fold"],
    }),
    needs: ["dataset"],
    gives: ["splits"],
  },
  prepare: {
    doc: "Straightens and moves 8-bit images, before anything is computed of them",
    options: z.strictObject({
      methods: z.array(preparations.schema).min(1).max(100)
        .describe("what is done to images, one after the other"),
    }),
    needs: ["splits"],
    gives: ["splits"],
  },
  normalize: {
    doc: "Scales the features by figures of the training split",
    options: z.strictObject({
      method: normalizations.schema
        .describe("how features are scaled, from the training split alone"),
    }),
    needs: ["splits"],
    gives: ["normalization"],
  },
  reduce: {
    doc: "Makes fewer features of all normalized ones, by figures of the training split",
    options: z.strictObject({
      method: reductions.schema
        .describe("how fewer features are made of all, from the normalized training split alone"),
    }),
    needs: ["splits", "normalization"],
    gives: ["normalization"],
  },
  train: {
    doc: "Trains a network",
    options: z.strictObject({
      layers: z.array(layers.schema).min(1).max(MOST_LAYERS)
        .describe("the layers, from the input to the output"),
      loss: losses.schema.describe("what training makes small"),
      optimizer: optimizers.schema.describe("how a gradient changes the parameters"),
      learningRate: schedules.schema.describe("the learning rate of each step"),
      epochs: count.describe("passes over the training split"),
      batchSize: count.default(64).describe("samples a step"),
      ...refinements,
      keepCheckpoints: count.optional()
        .describe("older name of checkpoint.keep, which counts if both are given"),
    }),
    needs: ["dataset", "splits", "normalization"],
    gives: ["model"],
  },
  evaluate: {
    doc: "Asks the trained network about every sample of some splits",
    options: z.strictObject({
      // the validation split by default, because settings are chosen by looking at it; a final recipe, in
      // which nothing is left to choose, names "test"
      on: someOf(["train", "validation", "test"], "split").default(["validation"])
        .describe(
          'the splits to evaluate; choose settings on "validation", name "test" at the end',
        ),
      augmentedCopies: z.int().min(0).max(1000).default(0)
        .describe(
          "copies of each sample, augmented as in training but not mixed: probabilities, and losses, " +
            "are means over the sample and its copies",
        ),
    }),
    needs: ["splits", "model"],
    gives: ["evaluations"],
  },
  report: {
    doc: "Draws the report",
    options: z.strictObject({
      panels: someOf(Object.keys(panels), "panel").optional()
        .describe("the panels to draw; all for which the run has data unless given"),
    }),
    needs: ["evaluations"],
    gives: [],
  },
} as const;

export type OptionsOfStage<Name extends keyof typeof stageTable> = OptionsOf<
  (typeof stageTable)[Name]["options"]
>;

export type ExperimentConfig = Config<typeof stageTable>;

export type StageConfig = ExperimentConfig["pipeline"][number];

let schema: JsonSchema | undefined;

/**
 * The JSON Schema of configs, from which ids know the defaults. Making it takes 7 ms, and a sweep
 * asks for it twice a run: so it is made once.
 */
export function experimentSchema(): JsonSchema {
  return schema ??= jsonSchema(configSchema(stageTable));
}
