/**
 * Compiles all programs of a training: its steps, validation, the initial state, and tensors that are
 * computed once.
 *
 * @module
 */
import type { Normalization, Split } from "../data/dataset.ts";
import { augmentedRows, type ImageDeformations, precomputedTensors } from "../data/augment/mod.ts";
import { compile, type CompilerInput as CompilerSource } from "../engine/compiler/compile.ts";
import type { Machine } from "../engine/backend.ts";
import type { Layouts, Program } from "../engine/program/program.ts";
import { keepSparse } from "../tensor/rewrite.ts";
import { type StoredFeatures, storeFeatures } from "../engine/program/sources.ts";
import { type Encoding, sizeOf, source, type Tensor } from "../tensor/mod.ts";
import { compilePassPrograms } from "./passes.ts";
import type { Batches } from "./batches.ts";
import {
  accumulationStep,
  averagedNames,
  evaluationStep,
  initialState,
  type Step,
  trainingStep,
} from "./step/step.ts";
import { numberInput } from "./step/inputs.ts";
import { averageName, type TrainingOptions } from "./step/options.ts";

/** Stored features of a data set, and the tensor from which programs gather their rows. */
interface StoredSource {
  /** Source tensor, which stands for the stored features in expressions. */
  readonly source: Tensor;
  /** Encoding of the stored features, which model files record. */
  readonly encoding: Encoding;
  /** Stored features by the name of the source, to open a machine with. */
  readonly sources: Readonly<Record<string, StoredFeatures>>;
}

/** Name and encoding of stored features. */
interface SourceOptions {
  /** Name of the source in programs. Defaults to "features". */
  readonly name?: string;
  /** Encoding of the features. Defaults to one that suits their type and their fraction of zeros. */
  readonly encoding?: Encoding;
}

/**
 * Converts the features of a split's whole data set to the form in which a machine stores them. Returns them
 * with the tensor from which programs gather rows.
 */
export function storeSplitFeatures(
  { samples: { values, shape } }: Split,
  { scale }: Normalization,
  { name = "features", encoding: requested }: SourceOptions = {},
): StoredSource {
  const stored = storeFeatures(values, sizeOf(shape), scale, requested);
  const { features, encoding } = stored;
  return { source: source(name, features, encoding), encoding, sources: { [name]: stored } };
}

/**
 * Options of the compiler besides the expressions: layouts of inputs that other programs have planned, whether
 * steps check that all results are finite, and whether weight matrices are stored in panels.
 */
export type CompileOptions = Pick<CompilerSource, "layouts" | "check" | "densePanels">;

/**
 * Compiles a step. Before that, rewrites products of shifted sparse rows into products of the sparse rows
 * themselves, which skip zeros.
 */
export function compileStep(
  { outputs, state, origins }: Step,
  options: CompileOptions = {},
): Program {
  const prefixed = {
    ...Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [`o.${name}`, tensor])),
    ...Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`s.${name}`, tensor])),
  };
  const sparse = keepSparse(prefixed, origins);
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(sparse.outputs)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return compile({ outputs: part("o."), state: part("s."), origins: sparse.origins, ...options });
}

/** Programs of training steps, and the layouts of their inputs. */
export interface StepPrograms {
  /**
   * Training steps: "step" for whole batches, "stepRest" for the smaller last batch, and, with gradient
   * accumulation, "accumulate" for batches that do not end an update.
   */
  readonly steps: Readonly<Record<string, Program>>;
  /** Layouts of the inputs that several programs share. */
  readonly layouts: Layouts;
}

/** The compiled programs of a training, and what a machine needs to run them. */
interface TrainingPrograms<Steps extends StepPrograms> {
  /** Programs of the training steps. */
  readonly training: Steps;
  /** All programs: the steps, validation, the initial state, and precomputed tensors. */
  readonly programs: Readonly<Record<string, Program>>;
  /**
   * Aliases of each program: the spaces that replace its own, by name. For example, an output of "initialize"
   * is replaced by the input that training steps read, so that it needs no copy.
   */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the state tensors. */
  readonly state: readonly string[];
}

/** Division of the samples of each split into batches. */
interface SplitBatches {
  readonly train: Batches;
  readonly validation: Batches;
}

/** Returns whether `programName` is the name of a training step's program. */
export function isTrainingProgram(programName: string): boolean {
  return ["step", "stepRest", "accumulate"].includes(programName);
}

/**
 * Compiles the training steps of a training that one process computes.
 *
 * @param batches division of the training samples into batches
 */
export function compileStepPrograms(
  options: Omit<TrainingOptions, "batch">,
  batches: Batches,
  compileOptions: CompileOptions,
): StepPrograms {
  const updateSteps = compilePassPrograms(
    "step",
    batches,
    (batch) => compileStep(trainingStep({ ...options, batch }), compileOptions),
  );
  const layouts: Layouts = Object.assign(
    {},
    ...Object.values(updateSteps).map(({ layouts }) => layouts),
  );
  const compileAccumulation = () =>
    compileStep(accumulationStep({ ...options, batch: batches.size }), {
      ...compileOptions,
      layouts,
    });
  const accumulates = options.accumulates === true && batches.whole > 0;
  return {
    steps: { ...updateSteps, ...(accumulates ? { accumulate: compileAccumulation() } : {}) },
    layouts,
  };
}

/**
 * Compiles the programs of a training, with the training steps that `compileSteps` returns. With `check`,
 * training steps check that the result of every operation is finite.
 */
export function compileTrainingPrograms<Steps extends StepPrograms>(
  options: Omit<TrainingOptions, "batch" | "augment"> & AugmentationOptions,
  { train, validation }: SplitBatches,
  { check = false, densePanels = true }: Omit<CompileOptions, "layouts">,
  compileSteps: (
    options: Omit<TrainingOptions, "batch">,
    batches: Batches,
    compileOptions: CompileOptions,
  ) => Steps,
): TrainingPrograms<Steps> {
  const learning = { ...options, augment: rowAugmenter(options, options.seed, "train") };
  const precomputed = compilePrecomputation(options, options.seed);
  const training = compileSteps(learning, train, { check, densePanels });
  const { steps, layouts } = training;
  const initial = initialState(options);
  const state = Object.keys(initial);
  const validate = (name: string) =>
    compilePassPrograms(
      name,
      validation,
      (batch) => compileStep(evaluationStep({ ...options, batch }), { layouts, densePanels }),
    );
  const averageValidation = options.averages === true ? validate("validateAverage") : {};
  const averageAliases = inputAliases(averagedNames(options), averageName);
  return {
    training,
    programs: {
      ...steps,
      ...validate("validate"),
      ...averageValidation,
      initialize: compile({ outputs: initial }),
      ...precomputed.programs,
    },
    aliases: {
      initialize: outputToInputAliases(state),
      ...precomputed.aliases,
      ...Object.fromEntries(Object.keys(averageValidation).map((name) => [name, averageAliases])),
    },
    state,
  };
}

/**
 * Returns aliases for outputs `names`: the program writes each output `name` into the space of the input
 * `name`, and so replaces the input.
 */
function outputToInputAliases(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`out:${name}`, `in:${name}`]));
}

/**
 * Returns aliases for inputs `names`: in place of each input `name`, the program reads the input
 * `otherName(name)`.
 */
function inputAliases(
  names: readonly string[],
  otherName: (name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`in:${name}`, `in:${otherName(name)}`]));
}

/** Augmentation of raw images. */
interface AugmentationOptions {
  /** Sequence of augmentations. Defaults to none. */
  readonly deformations?: ImageDeformations | undefined;
}

/**
 * Returns a function that augments the rows of a batch, with other random numbers for each value of the input
 * "step". Returns undefined without deformations.
 *
 * @param purpose purpose of the augmented rows; each has its own random numbers
 */
export function rowAugmenter(
  { deformations }: AugmentationOptions,
  seed: number,
  purpose: "train" | "evaluate",
): TrainingOptions["augment"] {
  if (deformations === undefined) return undefined;
  return (x, samples) =>
    augmentedRows(deformations, x, { seed, purpose, samples, step: numberInput("step") });
}

/** Name of the program that computes tensors for augmentations before the first step. */
const PRECOMPUTE = "constants";

/**
 * Compiles the program that computes tensors for augmentations before the first step. Returns it with its
 * aliases; both records are empty if the augmentations need no such tensors.
 */
export function compilePrecomputation(
  { deformations }: AugmentationOptions,
  seed: number,
): Pick<TrainingPrograms<StepPrograms>, "programs" | "aliases"> {
  const outputs = deformations === undefined ? {} : precomputedTensors(deformations, seed);
  const names = Object.keys(outputs);
  if (names.length === 0) return { programs: {}, aliases: {} };
  return {
    programs: { [PRECOMPUTE]: compile({ outputs }) },
    aliases: { [PRECOMPUTE]: outputToInputAliases(names) },
  };
}

/** Runs the program of {@linkcode compilePrecomputation} on a machine, if `programs` has it. */
export async function runPrecomputation(
  machine: Pick<Machine, "run">,
  programs: TrainingPrograms<StepPrograms>["programs"],
): Promise<void> {
  if (PRECOMPUTE in programs) await machine.run({ program: PRECOMPUTE, from: 0, to: 1 });
}
