/**
 * The schema of a config: what stands around the pipeline. The table of stages is handed in: this
 * module knows the form of a config, not what there is to choose from.
 *
 * @module
 */
import { z } from "zod";
import type { NeedsAndGives } from "./order.ts";
import { type Schema, type Tagged, taggedUnion } from "./registry.ts";

/** A stage as a config sees it: what it does, its options, what it needs and gives. */
interface StageEntry extends NeedsAndGives {
  readonly doc: string;
  /** `z.strictObject({ … })` of its options. */
  readonly options: Schema<unknown>;
}

export type StageTable = Readonly<Record<string, StageEntry>>;

/** A checked config: every default filled in, `extends` resolved. */
export interface Config<Stages extends StageTable = StageTable> {
  /** Short name of the experiment; run folders are called after it. */
  readonly name: string;
  readonly description?: string | undefined;
  /** Whole number from which all random numbers of the run are derived. */
  readonly seed: number;
  /** The stages in the order in which they run, each at most once. */
  readonly pipeline: readonly Tagged<"stage", Stages>[];
  readonly sweep?: Grid | undefined;
  readonly ensemble?: Grid | undefined;
}

/** Values by the path of an option, as `--set` takes it: each combination of them is meant. */
export type Grid = Readonly<Record<string, readonly unknown[]>>;

/** What a config file holds: a {@link Config}, the editor's schema and the file it extends. */
export interface ConfigFile<Stages extends StageTable = StageTable> extends Config<Stages> {
  /** The JSON Schema that editors use. */
  readonly $schema?: string | undefined;
  /** Path of the config that this one changes, relative to this file. */
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

/** Schemas by the stages that they were made of: making one takes as long as checking a hundred configs. */
const schemas = new WeakMap<StageTable, Schema<never>>();

/** Returns the schema of a config file with these stages. */
export function configSchema<Stages extends StageTable>(
  stages: Stages,
): Schema<ConfigFile<Stages>> {
  const made = schemas.get(stages) ?? makeSchema(stages) as Schema<never>;
  schemas.set(stages, made);
  return made;
}

function makeSchema<Stages extends StageTable>(stages: Stages): Schema<ConfigFile<Stages>> {
  return z.strictObject({
    $schema: z.string().optional()
      .describe("JSON Schema that editors check this file against"),
    name: z.string().min(1).max(64).describe("short name; run folders are called after it"),
    description: z.string().max(1000).optional().describe("what the experiment is about"),
    extends: z.string().min(1).optional()
      .describe("another config, relative to this file, of which this one says the changes"),
    seed: z.int().min(0).describe("whole number from which all random numbers are derived"),
    pipeline: z.array(taggedUnion("stage", "stage", stages)).min(1)
      .describe("the stages in the order in which they run, each at most once"),
    sweep: grid().optional()
      .describe('values by the path of an option, "train.epochs": deno task sweep runs them all'),
    ensemble: grid().optional()
      .describe("values by the path of an option: the members, whose probabilities are averaged"),
  });
}

function grid(): Schema<Grid> {
  return z.object({}).catchall(z.array(z.unknown()).min(1))
    .refine((keys) => Object.keys(keys).length > 0, {
      message: 'an object with a list of values for each path, like "seed": [1, 2, 3]',
    });
}
