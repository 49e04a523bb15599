/**
 * The schema of a config: what stands around the pipeline, and the options of its stages.
 *
 * The named things of the stages come from registries that are handed in, and so does the table of
 * stages itself: this module knows the form of a config, not what there is to choose from.
 *
 * @module
 */
import { z } from "zod";
import type { NeedsAndGives } from "./order.ts";
import { type Schema, type Tagged, taggedUnion } from "./registry.ts";

/** A stage as a config sees it: what it does, its options, what it needs and gives. */
interface StageEntry extends NeedsAndGives {
  /** What the stage does, in a line. */
  readonly doc: string;
  /** `z.strictObject({ … })` of its options. */
  readonly options: Schema<unknown>;
}

/** Every stage there is, in the order of the data. */
export type StageTable = Readonly<Record<string, StageEntry>>;

/** A checked config: every default filled in, `extends` resolved. */
export interface Config<Stages extends StageTable = StageTable> {
  /** Short name of the experiment; run folders are called after it. */
  readonly name: string;
  /** What the experiment is about, in a sentence. */
  readonly description?: string | undefined;
  /** Whole number from which all random numbers of the run are derived. */
  readonly seed: number;
  /** The stages in the order in which they run, each at most once. */
  readonly pipeline: readonly Tagged<"stage", Stages>[];
  /** What varies over the runs of a sweep. */
  readonly sweep?: Grid | undefined;
  /** What varies over the members of a committee. */
  readonly committee?: Grid | undefined;
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
  "committee",
];

/** The schema of a config file for a table of stages. */
export function configSchema<Stages extends StageTable>(
  stages: Stages,
): Schema<ConfigFile<Stages>> {
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
    committee: grid().optional()
      .describe("values by the path of an option: the members, whose probabilities are averaged"),
  });
}

/** The schema of a {@link Grid}. */
function grid(): Schema<Grid> {
  return z.object({}).catchall(z.array(z.unknown()).min(1))
    .refine((keys) => Object.keys(keys).length > 0, {
      message: 'an object with a list of values for each path, like "seed": [1, 2, 3]',
    });
}

/** Anything with the schema of a named thing: a registry. */
interface Choice<Value> {
  /** The schema of `{ name, ...options }`. */
  readonly schema: Schema<Value>;
}

/** Options of the stage `load`. */
interface LoadOptions<DatasetName> {
  /** The data set. */
  readonly dataset: DatasetName;
}

/** Options of the stage `load`: the data set. */
export function loadOptions<DatasetName>(
  { datasets }: { readonly datasets: Choice<DatasetName> },
): Schema<LoadOptions<DatasetName>> {
  return z.strictObject({ dataset: datasets.schema.describe("the data set") });
}

/** Options of the stage `split`: `validation`, or `folds` and `fold`. */
interface SplitOptions {
  /** How much of the training data is held out: a count, or a share if it is below 1. */
  readonly validation?: number | undefined;
  /** How much of it is held out before that, as test part. */
  readonly test?: number | undefined;
  /** Into how many parts it is cut for cross-validation. */
  readonly folds?: number | undefined;
  /** Which of these is held out in this run, from 1. */
  readonly fold?: number | undefined;
}

/** A share below 1, or a number of samples. */
function amount(doc: string): Schema<number | undefined> {
  return z.number().min(0)
    .refine((value) => value < 1 || Number.isSafeInteger(value), {
      message: "a share below 1, or a whole number of samples",
    })
    .optional().describe(doc);
}

/** Options of the stage `split`: how much of the training data is held out, and what for. */
export function splitOptions(): Schema<SplitOptions> {
  return z.strictObject({
    validation: amount(
      "samples held out of the training data: a share below 1, or a number of samples",
    ),
    test: amount("samples held out before that as test part, if the data set brings none"),
    folds: z.int().min(2).max(1_000_000).optional()
      .describe("in place of validation: parts of one size for cross-validation"),
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
  });
}

/** Options of the stage `prepare`. */
interface PrepareOptions<Method> {
  /** What is done to images, one after the other. */
  readonly methods: readonly Method[];
}

/** Options of the stage `prepare`: what is done to images. */
export function prepareOptions<Method>(
  { preparations }: { readonly preparations: Choice<Method> },
): Schema<PrepareOptions<Method>> {
  return z.strictObject({
    methods: z.array(preparations.schema).min(1).max(100)
      .describe("what is done to images, one after the other"),
  });
}

/** Options of the stage `normalize`. */
interface NormalizeOptions<Method> {
  /** How features are scaled. */
  readonly method: Method;
}

/** Options of the stage `normalize`: how features are scaled. */
export function normalizeOptions<Method>(
  { normalizers }: { readonly normalizers: Choice<Method> },
): Schema<NormalizeOptions<Method>> {
  return z.strictObject({
    method: normalizers.schema.describe("how features are scaled, from the training part alone"),
  });
}

/** Options of the stage `reduce`. */
interface ReduceOptions<Method> {
  /** How fewer features are made of all. */
  readonly method: Method;
}

/** Options of the stage `reduce`: how fewer features are made of all. */
export function reduceOptions<Method>(
  { reductions }: { readonly reductions: Choice<Method> },
): Schema<ReduceOptions<Method>> {
  return z.strictObject({
    method: reductions.schema
      .describe("how fewer features are made of all, from the normalized training part alone"),
  });
}

/** Options of the stage `train`. */
interface TrainOptions<Layer, Loss, Optimizer, Schedule> {
  /** The layers, from the input to the output. */
  readonly layers: readonly Layer[];
  /** What training makes small. */
  readonly loss: Loss;
  /** How a gradient changes the parameters. */
  readonly optimizer: Optimizer;
  /** The learning rate of each step. */
  readonly learningRate: Schedule;
  /** Passes over the training part. */
  readonly epochs: number;
  /** Samples a step. */
  readonly batchSize: number;
}

/** Options of the stage `train`: the network and how it learns. */
export function trainOptions<
  Layer,
  Loss,
  Optimizer,
  Schedule,
  More extends Readonly<Record<string, Schema<unknown>>>,
>(
  { layers, losses, optimizers, schedules }: {
    readonly layers: Choice<Layer>;
    readonly losses: Choice<Loss>;
    readonly optimizers: Choice<Optimizer>;
    readonly schedules: Choice<Schedule>;
  },
  more: More,
): Schema<
  & TrainOptions<Layer, Loss, Optimizer, Schedule>
  & { readonly [Key in keyof More]: More[Key]["_output"] }
> {
  return z.strictObject({
    layers: z.array(layers.schema).min(1).max(1000)
      .describe("the layers, from the input to the output"),
    loss: losses.schema.describe("what training makes small"),
    optimizer: optimizers.schema.describe("how a gradient changes the parameters"),
    learningRate: schedules.schema.describe("the learning rate of each step"),
    epochs: z.int().min(1).max(1_000_000).describe("passes over the training part"),
    batchSize: z.int().min(1).max(1_000_000).default(64).describe("samples a step"),
    ...more,
  }) as never; // zod's own type of the object says the same, for schemas that are named
}

/** Options of the stage `evaluate`. */
interface EvaluateOptions {
  /** The parts that are evaluated. */
  readonly on: readonly ("train" | "validation" | "test")[];
  /** Deformed copies of each sample over which, and itself, predictions are averaged. */
  readonly deformations: number;
}

/**
 * Options of the stage `evaluate`: the parts to evaluate.
 *
 * The default is the validation part alone, because settings are chosen by looking at it; a final
 * recipe, in which nothing is left to choose, names `test`.
 */
export function evaluateOptions(): Schema<EvaluateOptions> {
  return z.strictObject({
    on: z.array(z.enum(["train", "validation", "test"])).min(1)
      .refine((parts) => new Set(parts).size === parts.length, { message: "each part once" })
      .default(["validation"])
      .describe('the parts to evaluate; choose settings on "validation", name "test" at the end'),
    deformations: z.int().min(0).max(1000).default(0)
      .describe(
        "copies of each sample, deformed as in training but not mixed: probabilities, and losses, " +
          "are means over the sample and its copies",
      ),
  });
}

/** Options of the stage `report`. */
interface ReportOptions {
  /** The panels that are drawn; all for which the run has data if not given. */
  readonly panels?: readonly string[] | undefined;
}

/**
 * Options of the stage `report`: which panels are drawn, in the order of the pipeline.
 *
 * @param panels names of the panels that there are
 */
export function reportOptions(panels: readonly string[]): Schema<ReportOptions> {
  return z.strictObject({
    panels: z.array(z.enum(panels)).min(1)
      .refine((names) => new Set(names).size === names.length, { message: "each panel once" })
      .optional()
      .describe("the panels to draw; all for which the run has data unless given"),
  });
}
