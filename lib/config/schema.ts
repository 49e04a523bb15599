/**
 * The schema of config files. The available stages are a parameter, so this module does not depend on them.
 *
 * @module
 */
import { z } from "zod";
import type { StageArtifacts } from "./order.ts";
import { type Schema, type Tagged, taggedUnion } from "./registry.ts";

/** Declaration of a stage: its documentation, options, inputs and outputs. */
interface StageEntry extends StageArtifacts {
  /** Description of the stage in one line. */
  readonly doc: string;
  /** Schema of the options, made by `z.strictObject({ … })`. */
  readonly options: Schema<unknown>;
}

/** Declarations of the available stages, by name. */
export type StageTable = Readonly<Record<string, StageEntry>>;

/** A valid config, with every default filled in and merged with the configs that it extends. */
export interface Config<Stages extends StageTable = StageTable> {
  /** Short name of the experiment, with which the names of run folders begin. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Whole number from which all random numbers of the run are derived. */
  readonly seed: number;
  /** The stages in the order in which they run, each at most once. */
  readonly pipeline: readonly Tagged<"stage", Stages>[];
  /** Settings of the runs that the command `sweep` trains. */
  readonly sweep?: Grid | undefined;
  /** Settings of the members of an ensemble, whose probabilities are averaged. */
  readonly ensemble?: Grid | undefined;
}

/**
 * A grid: lists of values by option path, as in `--set`. One run is trained for each combination of values.
 */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/**
 * Content of a config file: a {@link Config}, and the keys `$schema` and `extends`, which only files have.
 */
export interface ConfigFile<Stages extends StageTable = StageTable> extends Config<Stages> {
  /** URL or path of the JSON Schema by which editors check the file. */
  readonly $schema?: string | undefined;
  /** Path of the config that this one extends, relative to this file. */
  readonly extends?: string | undefined;
}

/** Keys at the top level of a config, which `--set` can change directly. */
export const CONFIG_KEYS: readonly string[] = [
  "name",
  "description",
  "seed",
  "pipeline",
  "sweep",
  "ensemble",
];

/**
 * Cache of schemas by their table of stages, since building one takes as long as validating a hundred
 * configs.
 */
const schemas = new WeakMap<StageTable, Schema<never>>();

/**
 * Returns the schema of a config file for a table of available stages. The schema is built once for each
 * table.
 */
export function configSchema<Stages extends StageTable>(
  stages: Stages,
): Schema<ConfigFile<Stages>> {
  const made = schemas.get(stages) ?? buildConfigSchema(stages) as Schema<never>;
  schemas.set(stages, made);
  return made;
}

/** Builds the schema of a config file for a table of available stages. */
function buildConfigSchema<Stages extends StageTable>(stages: Stages): Schema<ConfigFile<Stages>> {
  return z.strictObject({
    $schema: z.string().optional()
      .describe("JSON Schema that editors check this file against"),
    name: z.string().min(1).max(64).describe("short name, with which run folders begin"),
    description: z.string().max(1000).optional().describe("what the experiment is about"),
    extends: z.string().min(1).optional()
      .describe("another config, relative to this file, which this one changes"),
    seed: z.int().min(0).describe("whole number from which all random numbers are derived"),
    pipeline: z.array(taggedUnion("stage", "stage", stages)).min(1)
      .describe("the stages in the order in which they run, each at most once"),
    sweep: gridSchema().optional()
      .describe(
        'lists of values by option path, "train.epochs": deno task sweep runs all combinations',
      ),
    ensemble: gridSchema().optional()
      .describe("lists of values by option path: the members, whose probabilities are averaged"),
  });
}

/** Returns the schema of a grid: an object with at least one list of values. */
function gridSchema(): Schema<Grid> {
  return z.object({}).catchall(z.array(z.unknown()).min(1))
    .refine((keys) => Object.keys(keys).length > 0, {
      message: 'an object with a list of values for each path, like "seed": [1, 2, 3]',
    });
}
