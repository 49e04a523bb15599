/**
 * Run ids: a hash of everything that can change the result of a run, and of nothing else.
 *
 * @module
 */
import { withoutDefaults } from "../config/defaults.ts";
import type { JsonSchema } from "../config/schemas/json_schema.ts";
import { withoutFiles } from "../data/datasets/identity.ts";
import { sha256 } from "../data/sha256.ts";
import { canonicalJson } from "./json.ts";
import { defined } from "../config/defined.ts";
import { byFormerNames } from "../config/former_names.ts";

/**
 * Version of the meaning of configs and of the names in the files of a run. A commit that changes a golden
 * number, a default or such a name raises it, so that runs before and after the change have different ids.
 */
export const FORMAT_VERSION = 4;

/** Format from which on keys of configs have their present names. */
const RENAMED_IN = 4;

/** Everything that can change the result of a run. */
export interface Identity {
  readonly config: { readonly seed: number; readonly pipeline: readonly AnyStageConfig[] };
  readonly schema: JsonSchema;
  /** Backend: `exact`, or a system BLAS with its name, version and number of threads. */
  readonly backend: string;
  readonly data: readonly { readonly sha256: string }[];
  /** SHA-256 of the file that training starts from, if it starts from another run. */
  readonly origin?: string | undefined;
  /** Format version. Defaults to {@linkcode FORMAT_VERSION}; an earlier version gives the id of that time. */
  readonly format?: number;
}

interface AnyStageConfig {
  readonly stage: string;
}

/** Hexadecimal digits of an id: 40 bits, so that a thousand runs collide with probability 5e-7. */
const DIGITS = 10;

/**
 * Returns the id of a run. The config's name, its description, the paths of its data and the options of
 * the stage `report` do not enter the id, since they change no result. An option at its default counts
 * as absent, so a new option with a default keeps the ids of old configs.
 */
export function runId(identity: Identity): string {
  const { config, schema, backend, data, origin, format = FORMAT_VERSION } = identity;
  const { seed, pipeline } = meaningOf(config, schema);
  return idOf({
    format,
    backend,
    data: data.map(({ sha256 }) => sha256),
    ...defined({ origin }),
    seed,
    pipeline: pipeline.map((stage) => {
      if (stage.stage === "report") return { stage: stage.stage };
      return format < RENAMED_IN ? byFormerNames(stage) : stage;
    }),
  });
}

/** Returns the id of a result computed from several runs: a hash of its kind and of their ids in order. */
export function collectionId(
  kind: "sweep" | "ensemble" | "comparison" | "test comparison",
  runs: readonly string[],
  format = FORMAT_VERSION,
): string {
  const key = kind === "ensemble" && format < RENAMED_IN ? "committee" : kind;
  return idOf({ format, [key]: runs.map(idInName) });
}

/** Returns the id at the end of the name of a run folder. Runs with equal ids have equal results. */
export function idInName(name: string): string {
  return name.slice(-DIGITS);
}

/**
 * Returns the id of a learning-rate range test. The range of rates enters it in place of the schedule;
 * the number of epochs and the stages after training do not enter it.
 */
export function rangeId(
  identity: Identity,
  range: { readonly from: number; readonly to: number; readonly steps: number },
): string {
  return stepId(identity, { learningRate: range, epochs: null });
}

/** Returns the id of a profile: a hash of everything that takes part in a training step. */
export function profileId(identity: Identity): string {
  return stepId(identity, { learningRate: null, epochs: null });
}

/** A network that is explained: that of a config before its first step, or that of a run by its name. */
export type ExplainedModel = Identity | string;

/** A sample that is explained. */
export interface ExplainedSample {
  readonly split: string;
  readonly row: number;
  /** The update that is shown: by plain gradient descent, or by the optimizer of the training. */
  readonly update: "sgd" | "own";
}

/** Returns the id of the explanation of one sample by a network. */
export function explanationId(
  model: ExplainedModel,
  { split, row, update }: ExplainedSample,
): string {
  const explain = typeof model === "string" ? idInName(model) : stepId(model, {});
  const shown = update === "sgd" ? {} : { update };
  return idOf({ format: FORMAT_VERSION, explain, split, row, ...shown });
}

/** Returns the id of a config up to its stage `train`, with `options` in place of some of that stage's. */
function stepId({ config, schema, backend, data }: Identity, options: object): string {
  const { seed, pipeline } = meaningOf(config, schema);
  const end = pipeline.findIndex(({ stage }) => stage === "train");
  return idOf({
    format: FORMAT_VERSION,
    backend,
    data: data.map(({ sha256 }) => sha256),
    seed,
    pipeline: pipeline.slice(0, end + 1).map((stage) =>
      stage.stage === "train" ? { ...stage, ...options } : stage
    ),
  });
}

/** Returns the id of an exploration: a hash of the data, the stages `load` and `split`, and the seed. */
export function explorationId(
  { config, schema, data }: Pick<Identity, "config" | "schema" | "data">,
): string {
  const { seed, pipeline } = meaningOf(config, schema);
  return idOf({
    format: FORMAT_VERSION,
    explore: data.map(({ sha256 }) => sha256),
    seed,
    pipeline: pipeline.filter(({ stage }) => stage === "load" || stage === "split"),
  });
}

/** Returns a config without defaults, paths of data and options of checkpoints. */
function meaningOf(config: Identity["config"], schema: JsonSchema): Identity["config"] {
  const { pipeline, ...meaning } = withoutDefaults(
    withoutFiles(config),
    schema,
  ) as Identity["config"];
  return {
    ...meaning,
    pipeline: pipeline.map((stage) => ({ ...withoutCheckpoints(stage), stage: stage.stage })),
  };
}

/** Returns the options of a stage without those of checkpoints, which change no result. */
export function withoutCheckpoints(stage: object): Readonly<Record<string, unknown>> {
  const isOther = ([name]: [string, unknown]) => !["checkpoint", "keepCheckpoints"].includes(name);
  return Object.fromEntries(Object.entries(stage).filter(isOther));
}

function idOf(identity: unknown): string {
  return sha256(new TextEncoder().encode(canonicalJson(identity))).slice(0, DIGITS);
}
