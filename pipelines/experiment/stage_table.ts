/**
 * The table of stages, in the order of the data: options, inputs ("needs") and outputs ("gives").
 *
 * `stages.ts` has their functions; this module alone is enough to check a config and to generate its JSON
 * Schema.
 *
 * @module
 */
import { z } from "zod";
import { durationSchema } from "../../lib/config/duration.ts";
import { type JsonSchema, jsonSchema } from "../../lib/config/schemas/json_schema.ts";
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

/** Schema of the size of a split: a fraction below 1, or a number of samples. */
const fractionOrCount = z.number().min(0)
  .refine((value) => value < 1 || Number.isSafeInteger(value), {
    message: "a fraction below 1, or a whole number of samples",
  })
  .optional();

/** Schema of a number of things: a whole number from 1 to 1,000,000. */
const count = z.int().min(1).max(1_000_000);

/** Largest number of micro-batches: programs grow with it. */
const MOST_SHARDS = 256;

/**
 * Returns the schema of a list of at least one of the names, each at most once. `noun` is the word for an
 * item in error messages: "panel".
 */
const distinctNames = <Name extends string>(names: readonly Name[], noun: string) =>
  z.array(z.enum(names)).min(1)
    .refine((chosen) => new Set(chosen).size === chosen.length, { message: `each ${noun} once` });

/**
 * Optional options of the stage "train", such as augmentation and early stopping. Options that are not set
 * take no time in training.
 */
export const refinements = {
  augment: z.lazy(() => z.array(augmentations.schema).max(16)).optional()
    .describe(
      "augmentations of the training images, applied in order, with new randomness each step",
    ),
  adversarial: adversarialSchema.optional().describe(
    "adversarial training: each batch is learned a second time, perturbed along the sign of its gradient",
  ),
  regularization: regularizationSchema.optional()
    .describe("default regularization of weights whose layer sets none; never applied to biases"),
  clip: clipSchema.optional().describe("limits of the gradient"),
  accumulate: count.optional()
    .describe(
      "batches whose gradients are averaged into one update; each counts as a step. Defaults to 1",
    ),
  shards: z.int().min(1).max(MOST_SHARDS).optional().meta({
    default: 1,
    description:
      "micro-batches of a batch, whose gradients a fixed tree adds; as many processes can share a run",
  }),
  averaging: z.lazy(() => averagings.schema).optional()
    .describe(
      "average of the weights over steps, scored beside them; the final model has the average",
    ),
  validateEvery: z.union([
    z.strictObject({ epochs: count.describe("epochs between two validations") }),
    z.strictObject({ steps: count.describe("steps between two validations") }),
  ]).optional().describe("interval of validation. Defaults to every epoch"),
  earlyStopping: earlyStoppingSchema.optional()
    .describe("ends training when the validation score has stopped improving"),
  best: metricSchema.optional().describe(
    "metric that ranks checkpoints; the best one is kept, and restored by earlyStopping",
  ),
  checkpoint: z.strictObject({
    keep: count.default(1).describe("number of end-of-epoch checkpoints to keep"),
    every: durationSchema.optional().describe(
      'time between checkpoints within an epoch, such as "60 s"; they are removed at the end of the epoch',
    ),
  }).optional().describe("when checkpoints are written and kept; results do not depend on it"),
};

/** The stages by name, in the order in which a pipeline may have them. */
export const stageTable = {
  load: {
    doc: "Loads a data set",
    options: z.strictObject({ dataset: datasets.schema.describe("the data set") }),
    needs: [],
    gives: ["dataset"],
  },
  split: {
    doc: "Holds out validation and test splits from the training data, stratified by class",
    options: z.strictObject({
      validation: fractionOrCount.describe(
        "size of the validation split: a fraction of the training data below 1, or a number of samples",
      ),
      test: fractionOrCount.describe(
        "size of the test split, held out first, for data sets without one",
      ),
      folds: z.int().min(2).max(1_000_000).optional()
        .describe("number of folds of cross-validation; replaces validation"),
      fold: z.int().min(1).optional().describe("the fold that this run validates on, from 1"),
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
    doc: "Preprocesses 8-bit images: deskews and centres them",
    options: z.strictObject({
      methods: z.array(preparations.schema).min(1).max(100)
        .describe("preprocessing of the images, applied in order"),
    }),
    needs: ["splits"],
    gives: ["splits"],
  },
  normalize: {
    doc: "Normalizes the features by statistics of the training split",
    options: z.strictObject({
      method: normalizations.schema
        .describe("normalization of the features, fitted on the training split"),
    }),
    needs: ["splits"],
    gives: ["normalization"],
  },
  reduce: {
    doc: "Reduces the number of normalized features, fitted on the training split",
    options: z.strictObject({
      method: reductions.schema
        .describe("dimensionality reduction, fitted on the normalized training split"),
    }),
    needs: ["splits", "normalization"],
    gives: ["normalization"],
  },
  train: {
    doc: "Trains a network",
    options: z.strictObject({
      layers: z.array(layers.schema).min(1).max(MOST_LAYERS)
        .describe("the layers, from the input to the output"),
      loss: losses.schema.describe("the loss that training minimizes"),
      optimizer: optimizers.schema.describe("the update rule of the parameters"),
      learningRate: schedules.schema.describe("the learning rate of each step"),
      epochs: count.describe("passes over the training split"),
      batchSize: count.default(64).describe("samples per step"),
      ...refinements,
      keepCheckpoints: count.optional()
        .describe("old name of checkpoint.keep, which takes precedence"),
    }),
    needs: ["dataset", "splits", "normalization"],
    gives: ["model"],
  },
  evaluate: {
    doc: "Evaluates the trained network on every sample of some splits",
    options: z.strictObject({
      // the validation split by default, because settings are chosen by its score; a final recipe, in
      // which nothing is left to choose, names "test"
      on: distinctNames(["train", "validation", "test"], "split").default(["validation"])
        .describe('the splits to evaluate; choose settings on "validation", add "test" at the end'),
      augmentedCopies: z.int().min(0).max(1000).default(0)
        .describe(
          "augmented copies of each sample (test-time augmentation, without mixup): probabilities and " +
            "losses are averaged over the sample and its copies",
        ),
    }),
    needs: ["splits", "model"],
    gives: ["evaluations"],
  },
  report: {
    doc: "Draws the report",
    options: z.strictObject({
      panels: distinctNames(Object.keys(panels), "panel").optional()
        .describe("the panels to draw. Defaults to all for which the run has data"),
    }),
    needs: ["evaluations"],
    gives: [],
  },
} as const;

/** Options of a stage by its name. */
export type OptionsOfStage<Name extends keyof typeof stageTable> = OptionsOf<
  (typeof stageTable)[Name]["options"]
>;

/** A checked config of an experiment, with all defaults filled in. */
export type ExperimentConfig = Config<typeof stageTable>;

/** A stage of a pipeline: its name and options. */
export type StageConfig = ExperimentConfig["pipeline"][number];

let schema: JsonSchema | undefined;

/**
 * Returns the JSON Schema of configs. The id of a run is a hash of its config without options that equal
 * the defaults in this schema. The schema is generated once and kept, since generating takes 7 ms and a
 * sweep needs it twice per run.
 */
export function experimentSchema(): JsonSchema {
  return schema ??= jsonSchema(configSchema(stageTable));
}
