/**
 * The identity of a run: a hash of all that can change its result, and of nothing else.
 *
 * @module
 */
import { withoutDefaults } from "../config/defaults.ts";
import type { JsonSchema } from "../config/json_schema.ts";
import { withoutFiles } from "../data/datasets/identity.ts";
import { sha256 } from "../data/sha256.ts";
import { canonicalJson } from "./json.ts";
import { defined } from "../config/defined.ts";
import { byFormerNames } from "../config/former_names.ts";

/**
 * Version of what a config means and of the names in the files of a run. A commit that changes a golden
 * number, a default or such a name raises it, so that no older run is taken for one of the new meaning.
 */
export const FORMAT_VERSION = 4;

/** Format from which on keys of configs have their present names. */
const RENAMED_IN = 4;

/** All that can change the result of a run. */
interface Identity {
  readonly config: { readonly seed: number; readonly pipeline: readonly AnyStageConfig[] };
  readonly schema: JsonSchema;
  /** Who computes: `exact`, or a system BLAS with its name, version and threads. */
  readonly backend: string;
  readonly data: readonly { readonly sha256: string }[];
  /** The content of the file that it begins from, if it begins from another run. */
  readonly origin?: string | undefined;
  /** Format version. Defaults to the present one; an earlier one tells which name a run had. */
  readonly format?: number;
}

interface AnyStageConfig {
  readonly stage: string;
}

/** Hexadecimal digits of an id: 40 bits, so that a thousand runs collide with probability 5e-7. */
const DIGITS = 10;

/**
 * The id of a run. Name and description of the config and the places of its data are left out, and so are the
 * options of the stage `report`, which draws what others computed; options at their default count as if
 * they were not given, so a new option with a default does not change the ids of old configs.
 */
export function runId(given: Identity): string {
  const { config, schema, backend, data, origin, format = FORMAT_VERSION } = given;
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

/** The id of what is made of several runs: of its kind and the ids of the runs, in their order. */
export function collectionId(
  kind: "sweep" | "ensemble" | "comparison" | "test comparison",
  runs: readonly string[],
  format = FORMAT_VERSION,
): string {
  const key = kind === "ensemble" && format < RENAMED_IN ? "committee" : kind;
  return idOf({ format, [key]: runs.map(idInName) });
}

/** The id at the end of the name of a run's folder: runs of one id have the same results. */
export function idInName(name: string): string {
  return name.slice(-DIGITS);
}

/**
 * The id of a learning rate range test: as {@linkcode runId}, without what such a test does not look at,
 * the schedule, the epochs and the stages after training; and with the rates.
 */
export function rangeId(
  identity: Identity,
  range: { readonly from: number; readonly to: number; readonly steps: number },
): string {
  return stepId(identity, { learningRate: range, epochs: null });
}

/** The id of a profile: of what takes part in a training step. Its times differ from machine to machine. */
export function profileId(identity: Identity): string {
  return stepId(identity, { learningRate: null, epochs: null });
}

/** The id of a config up to training, with other options of that. */
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

/** The id of an exploration of data: of the data, the stages `load` and `split`, and the seed. */
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

/**
 * A config without what goes without saying, without the places of its data, which stands by hashes, and
 * without the options of checkpoints, on which no result depends.
 */
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

/** Returns the options of a stage without those of checkpoints. */
export function withoutCheckpoints(stage: object): Readonly<Record<string, unknown>> {
  const isOther = ([name]: [string, unknown]) => !["checkpoint", "keepCheckpoints"].includes(name);
  return Object.fromEntries(Object.entries(stage).filter(isOther));
}

function idOf(identity: unknown): string {
  return sha256(new TextEncoder().encode(canonicalJson(identity))).slice(0, DIGITS);
}
