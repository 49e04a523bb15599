/**
 * The stages as a config sees them, in the order of the data: options, needs and gives.
 *
 * What the stages do is said by `stages.ts`; this part alone is enough to check a config and to
 * write its JSON Schema.
 *
 * @module
 */
import { type JsonSchema, jsonSchema } from "../../lib/config/json_schema.ts";
import type { OptionsOf } from "../../lib/config/registry.ts";
import {
  type Config,
  configSchema,
  evaluateOptions,
  loadOptions,
  normalizeOptions,
  prepareOptions,
  reduceOptions,
  reportOptions,
  splitOptions,
  trainOptions,
} from "../../lib/config/schema.ts";
import { datasets } from "../../lib/data/datasets/mod.ts";
import { normalizations } from "../../lib/data/normalize/mod.ts";
import { preparations } from "../../lib/data/prepare/mod.ts";
import { reductions } from "../../lib/data/reduce/mod.ts";
import { layers } from "../../lib/nn/layers/mod.ts";
import { losses } from "../../lib/nn/losses/mod.ts";
import { panels } from "../../lib/report/mod.ts";
import { refinements } from "../../lib/train/refinements.ts";
import { optimizers } from "../../lib/optim/optimizers/mod.ts";
import { schedules } from "../../lib/optim/schedules/mod.ts";

/** Every stage there is. */
export const stageTable = {
  load: {
    doc: "Loads a data set",
    options: loadOptions({ datasets }),
    needs: [],
    gives: ["dataset"],
  },
  split: {
    doc: "Holds out parts of the training data to validate and test on, stratified by class",
    options: splitOptions(),
    needs: ["dataset"],
    gives: ["parts"],
  },
  prepare: {
    doc: "Straightens and moves 8-bit images, before anything is computed of them",
    options: prepareOptions({ preparations }),
    needs: ["parts"],
    gives: ["parts"],
  },
  normalize: {
    doc: "Scales the features by figures of the training part",
    options: normalizeOptions({ normalizers: normalizations }),
    needs: ["parts"],
    gives: ["normalization"],
  },
  reduce: {
    doc: "Makes fewer features of all normalized ones, by figures of the training part",
    options: reduceOptions({ reductions }),
    needs: ["parts", "normalization"],
    gives: ["normalization"],
  },
  train: {
    doc: "Trains a network",
    options: trainOptions({ layers, losses, optimizers, schedules }, refinements),
    needs: ["dataset", "parts", "normalization"],
    gives: ["model"],
  },
  evaluate: {
    doc: "Asks the trained network about every sample of some parts",
    options: evaluateOptions(),
    needs: ["parts", "model"],
    gives: ["evaluations"],
  },
  report: {
    doc: "Draws the report",
    options: reportOptions(Object.keys(panels)),
    needs: ["evaluations"],
    gives: [],
  },
} as const;

/** The checked options of a stage. */
export type OptionsOfStage<Name extends keyof typeof stageTable> = OptionsOf<
  (typeof stageTable)[Name]["options"]
>;

/** A checked config of the stages that there are. */
export type ExperimentConfig = Config<typeof stageTable>;

/** A stage of a checked config. */
export type StageConfig = ExperimentConfig["pipeline"][number];

let schema: JsonSchema | undefined;

/**
 * The JSON Schema of configs, from which ids know the defaults. Making it takes 7 ms, and a sweep
 * asks for it twice a run: so it is made once.
 */
export function experimentSchema(): JsonSchema {
  return schema ??= jsonSchema(configSchema(stageTable));
}
