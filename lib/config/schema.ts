/**
 * The schema of a config file around a table of stages, which is a parameter: this module defines the form of a
 * config, not the available stages.
 *
 * @module
 */
import { z } from "zod";
import type { StageArtifacts } from "./order.ts";
import { type Schema, type Tagged, taggedUnion } from "./registry.ts";

/** The declaration of a stage: documentation, options, inputs and outputs. */
interface StageEntry extends StageArtifacts {
  readonly doc: string;
  /** `z.strictObject({ … })` of its options. */
  readonly options: Schema<unknown>;
}

export type StageTable = Readonly<Record<string, StageEntry>>;

/** A checked config: every default filled in, `extends` resolved. */
export interface Config<Stages extends StageTable = StageTable> {
  /** Short name of the experiment, with which run folders begin. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Whole number from which all random numbers of the run are derived. */
  readonly seed: number;
  /** The stages in the order in which they run, each at most once. */
  readonly pipeline: readonly Tagged<"stage", Stages>[];
  readonly sweep?: Grid | undefined;
  readonly ensemble?: Grid | undefined;
}

/** Lists of values by option path, as in `--set`; all their combinations are used. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** Content of a config file: a {@link Config}, the editor's schema and the extended file. */
export interface ConfigFile<Stages extends StageTable = StageTable> extends Config<Stages> {
  /** The JSON Schema that editors use. */
  readonly $schema?: string | undefined;
  /** Path of the config that this one extends, relative to this file. */
  readonly extends?: string | undefined;
}

/** The keys of a config that `--set` can change without naming a stage. */
export const CONFIG_KEYS: readonly string[] = [
  "name",
  "description",
  "seed",
  "pipeline",
  "sweep",
  "ensemble",
];

/** Cache of schemas by their stages: building one takes as long as checking a hundred configs. */
const schemas = new WeakMap<StageTable, Schema<never>>();

/** Returns the schema of a config file with these stages. */
export function configSchema<Stages extends StageTable>(
  stages: Stages,
): Schema<ConfigFile<Stages>> {
  const made = schemas.get(stages) ?? buildConfigSchema(stages) as Schema<never>;
  schemas.set(stages, made);
  return made;
}

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

function gridSchema(): Schema<Grid> {
  return z.object({}).catchall(z.array(z.unknown()).min(1))
    .refine((keys) => Object.keys(keys).length > 0, {
      message: 'an object with a list of values for each path, like "seed": [1, 2, 3]',
    });
}
