/**
 * Run ids: a hash of everything that can change the result of a run, and of nothing else.
 *
 * @module
 */
import { withoutDefaults } from "../config/defaults.ts";
import type { JsonSchema } from "../config/schemas/json_schema.ts";
import { withoutFileReferences } from "../data/datasets/identity.ts";
import { sha256 } from "../data/sha256.ts";
import { canonicalJson } from "./json.ts";
import { defined } from "../config/defined.ts";
import { toFormerNames } from "../config/former_names.ts";

/**
 * Version of the meaning of configs and of the names in a run's files. It is raised by every commit that
 * changes a default, a result or such a name, so that runs before and after the change have different ids.
 */
export const FORMAT_VERSION = 4;

/** First format version in which renamed keys of configs have their new names. */
const RENAMED_IN = 4;

/** Everything that can change the result of a run. */
export interface Identity {
  /** The config, with all defaults. */
  readonly config: { readonly seed: number; readonly pipeline: readonly AnyStageConfig[] };
  /** JSON Schema of configs, which has the default of each option. */
  readonly schema: JsonSchema;
  /** Backend: `exact`, or a system BLAS with its name, version and number of threads. */
  readonly backend: string;
  /** SHA-256 of each file of the data set. */
  readonly data: readonly { readonly sha256: string }[];
  /** SHA-256 of the model or checkpoint that training starts from, if it starts from another run. */
  readonly origin?: string | undefined;
  /**
   * Format version of the id. Defaults to {@linkcode FORMAT_VERSION}. An earlier version gives the id that
   * runs of that version have.
   */
  readonly format?: number;
}

/** A stage of a config, with any options. */
interface AnyStageConfig {
  readonly stage: string;
}

/**
 * Number of hexadecimal digits of an id: 40 bits, so that two of a thousand runs have equal ids with
 * probability 5e-7.
 */
const DIGITS = 10;

/**
 * Returns the id of a run: a hash of its config, backend and data, and of the model or checkpoint that
 * training starts from.
 *
 * The name and description of the config, the paths of its data, the options of checkpoints and those of
 * the stage `report` are left out, since they change no result. Options that equal their defaults are left
 * out too, so a new option with a default does not change old ids.
 */
export function runId(identity: Identity): string {
  const { config, schema, backend, data, origin, format = FORMAT_VERSION } = identity;
  const { seed, pipeline } = withoutIrrelevantOptions(config, schema);
  return hashToId({
    format,
    backend,
    data: data.map(({ sha256 }) => sha256),
    ...defined({ origin }),
    seed,
    pipeline: pipeline.map((stage) => {
      if (stage.stage === "report") return { stage: stage.stage };
      return format < RENAMED_IN ? toFormerNames(stage) : stage;
    }),
  });
}

/**
 * Returns the id of a result that is computed from several runs: a hash of the kind of result and of the
 * ids of these runs, in order. `runs` has the names of their folders.
 */
export function collectionId(
  kind: "sweep" | "ensemble" | "comparison" | "test comparison",
  runs: readonly string[],
  format = FORMAT_VERSION,
): string {
  const key = kind === "ensemble" && format < RENAMED_IN ? "committee" : kind;
  return hashToId({ format, [key]: runs.map(idFromRunName) });
}

/** Returns the id with which the name of a run folder ends. Runs with equal ids have equal results. */
export function idFromRunName(name: string): string {
  return name.slice(-DIGITS);
}

/**
 * Returns the id of a learning-rate range test: a hash of the config up to training, with the tested range
 * in place of the schedule and without the number of epochs.
 *
 * @param range lowest and highest learning rate, and number of steps of the test
 */
export function rangeTestId(
  identity: Identity,
  range: { readonly from: number; readonly to: number; readonly steps: number },
): string {
  return hashThroughTraining(identity, { learningRate: range, epochs: null });
}

/**
 * Returns the id of a profile: a hash of the data, the backend and the config up to training, without the
 * learning rate and the number of epochs.
 */
export function profileId(identity: Identity): string {
  return hashThroughTraining(identity, { learningRate: null, epochs: null });
}

/**
 * A network to explain: an identity stands for the untrained network of a config, a string for the trained
 * network of the run with this name.
 */
export type ExplainedModel = Identity | string;

/**
 * The sample that an explanation shows, and the optimizer whose update of the weights it shows for that
 * sample.
 */
export interface ExplainedSample {
  readonly split: string;
  readonly row: number;
  /** The update that is shown: by plain gradient descent, or by the optimizer of the training. */
  readonly update: "sgd" | "own";
}

/** Returns the id of an explanation of what a network computes for one sample. */
export function explanationId(
  model: ExplainedModel,
  { split, row, update }: ExplainedSample,
): string {
  const explain = typeof model === "string" ? idFromRunName(model) : hashThroughTraining(model, {});
  const shown = update === "sgd" ? {} : { update };
  return hashToId({ format: FORMAT_VERSION, explain, split, row, ...shown });
}

/**
 * Hashes the data, the backend and the config up to and including the stage `train`. `trainOptions` replace
 * options of this stage, or add to them.
 */
function hashThroughTraining(
  { config, schema, backend, data }: Identity,
  trainOptions: object,
): string {
  const { seed, pipeline } = withoutIrrelevantOptions(config, schema);
  const end = pipeline.findIndex(({ stage }) => stage === "train");
  return hashToId({
    format: FORMAT_VERSION,
    backend,
    data: data.map(({ sha256 }) => sha256),
    seed,
    pipeline: pipeline.slice(0, end + 1).map((stage) =>
      stage.stage === "train" ? { ...stage, ...trainOptions } : stage
    ),
  });
}

/**
 * Returns the id of an exploration of a data set: a hash of the data, the stages `load` and `split`, and
 * the seed.
 */
export function explorationId(
  { config, schema, data }: Pick<Identity, "config" | "schema" | "data">,
): string {
  const { seed, pipeline } = withoutIrrelevantOptions(config, schema);
  return hashToId({
    format: FORMAT_VERSION,
    explore: data.map(({ sha256 }) => sha256),
    seed,
    pipeline: pipeline.filter(({ stage }) => stage === "load" || stage === "split"),
  });
}

/**
 * Returns a config without the options that change no result: options at their defaults, paths of data, and
 * options of checkpoints.
 */
function withoutIrrelevantOptions(
  config: Identity["config"],
  schema: JsonSchema,
): Identity["config"] {
  const { pipeline, ...meaning } = withoutDefaults(
    withoutFileReferences(config),
    schema,
  ) as Identity["config"];
  return {
    ...meaning,
    pipeline: pipeline.map((stage) => ({ ...withoutCheckpointOptions(stage), stage: stage.stage })),
  };
}

/**
 * Returns a copy of a stage without the options `checkpoint` and `keepCheckpoints`, which change no result.
 */
export function withoutCheckpointOptions(stage: object): Readonly<Record<string, unknown>> {
  const isOther = ([name]: [string, unknown]) => !["checkpoint", "keepCheckpoints"].includes(name);
  return Object.fromEntries(Object.entries(stage).filter(isOther));
}

/** Returns the first {@linkcode DIGITS} hexadecimal digits of the SHA-256 of a value in canonical JSON. */
function hashToId(identity: unknown): string {
  return sha256(new TextEncoder().encode(canonicalJson(identity))).slice(0, DIGITS);
}
