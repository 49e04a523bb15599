/**
 * Compiles all programs of a training: its steps, validation, the initial state, and tensors that are
 * computed once.
 *
 * @module
 */
import type { Normalization, Split } from "../data/dataset.ts";
import { augmentedRows, type ImageDeformations, precomputedTensors } from "../data/augment/mod.ts";
import { compile, type Source as CompilerSource } from "../engine/compiler/compile.ts";
import type { Machine } from "../engine/backend.ts";
import type { Layouts, Program } from "../engine/program/program.ts";
import { keepSparse } from "../tensor/rewrite.ts";
import { type StoredFeatures, storeFeatures } from "../engine/program/sources.ts";
import { type Encoding, sizeOf, source, type Tensor } from "../tensor/mod.ts";
import { passPrograms } from "./passes.ts";
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

interface Source {
  /** Source tensor, from which steps gather rows. */
  readonly source: Tensor;
  /** Encoding of the stored features; saved with the model. */
  readonly encoding: Encoding;
  /** Stored features by the name of the source, for opening a machine. */
  readonly sources: Readonly<Record<string, StoredFeatures>>;
}

interface SourceOptions {
  /** Name of the source in programs. Defaults to "features". */
  readonly name?: string;
  /** Encoding of the features. Defaults to the one that suits their values. */
  readonly encoding?: Encoding;
}

/** Stores the features of a split's data set, and returns them with the source tensor that reads them. */
export function sourceOf(
  { samples: { values, shape } }: Split,
  { scale }: Normalization,
  { name = "features", encoding: requested }: SourceOptions = {},
): Source {
  const stored = storeFeatures(values, sizeOf(shape), scale, requested);
  const { features, encoding } = stored;
  return { source: source(name, features, encoding), encoding, sources: { [name]: stored } };
}

export type CompileOptions = Pick<CompilerSource, "layouts" | "check" | "densePanels">;

/** Compiles a step after rewriting it so that sparse rows stay sparse. */
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

/** The programs of training steps, and the layouts of their inputs. */
export interface StepPrograms {
  /**
   * The training steps: "step" for whole batches, "stepRest" for the last, smaller one, and "accumulate"
   * where several batches make up an update.
   */
  readonly steps: Readonly<Record<string, Program>>;
  /** Layouts of inputs that programs share. */
  readonly layouts: Layouts;
}

interface TrainingPrograms<Steps extends StepPrograms> {
  /** The training steps. */
  readonly training: Steps;
  /** All programs: the steps, validation, the initial state, and precomputed tensors. */
  readonly programs: Readonly<Record<string, Program>>;
  /**
   * By program: spaces that are replaced by others, for example an output of "initialize" by the input
   * that steps read, so that it needs no copy.
   */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the state tensors. */
  readonly state: readonly string[];
}

interface TrainingSizes {
  readonly train: Batches;
  readonly validation: Batches;
}

/** Returns whether a program of this name is a training step. */
export function isTrainingStep(name: string): boolean {
  return ["step", "stepRest", "accumulate"].includes(name);
}

/** Compiles the steps of a training that one process computes. */
export function stepPrograms(
  options: Omit<TrainingOptions, "batch">,
  train: Batches,
  compileOptions: CompileOptions,
): StepPrograms {
  const updateSteps = passPrograms(
    "step",
    train,
    (batch) => compileStep(trainingStep({ ...options, batch }), compileOptions),
  );
  const layouts: Layouts = Object.assign(
    {},
    ...Object.values(updateSteps).map(({ layouts }) => layouts),
  );
  const compileAccumulation = () =>
    compileStep(accumulationStep({ ...options, batch: train.size }), {
      ...compileOptions,
      layouts,
    });
  const accumulates = options.accumulates === true && train.whole > 0;
  return {
    steps: { ...updateSteps, ...(accumulates ? { accumulate: compileAccumulation() } : {}) },
    layouts,
  };
}

/**
 * Compiles the programs of a training, with the training steps that `compileSteps` compiles. With `check`,
 * steps check every result, for `findFault`.
 */
export function trainingPrograms<Steps extends StepPrograms>(
  options: Omit<TrainingOptions, "batch" | "augment"> & Augmenting,
  { train, validation }: TrainingSizes,
  { check = false, densePanels = true }: Omit<CompileOptions, "layouts">,
  compileSteps: (
    options: Omit<TrainingOptions, "batch">,
    train: Batches,
    compileOptions: CompileOptions,
  ) => Steps,
): TrainingPrograms<Steps> {
  const learning = { ...options, augment: augmentFor(options, options.seed, "train") };
  const precomputed = precomputationPrograms(options, options.seed);
  const training = compileSteps(learning, train, { check, densePanels });
  const { steps, layouts } = training;
  const initial = initialState(options);
  const state = Object.keys(initial);
  const validate = (name: string) =>
    passPrograms(
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

/** Returns aliases by which a program writes its outputs where others read inputs of the same names. */
function outputToInputAliases(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`out:${name}`, `in:${name}`]));
}

/** Returns aliases by which a program reads each input from the space of another. */
function inputAliases(
  names: readonly string[],
  other: (name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`in:${name}`, `in:${other(name)}`]));
}

interface Augmenting {
  readonly deformations?: ImageDeformations | undefined;
}

/** Returns a function that augments the rows of a batch, with random numbers by the input "step". */
export function augmentFor(
  { deformations }: Augmenting,
  seed: number,
  purpose: "train" | "evaluate",
): TrainingOptions["augment"] {
  if (deformations === undefined) return undefined;
  return (x, samples) =>
    augmentedRows(deformations, x, { seed, purpose, samples, step: numberInput("step") });
}

/** Name of the program that computes tensors once before the first step, if an augmentation needs any. */
const PRECOMPUTE = "constants";

/** Compiles the program that computes what augmentations need computed once, if they need anything. */
export function precomputationPrograms(
  { deformations }: Augmenting,
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

/** Runs the program of {@linkcode precomputationPrograms}, if there is one. */
export async function precompute(
  machine: Pick<Machine, "run">,
  programs: TrainingPrograms<StepPrograms>["programs"],
): Promise<void> {
  if (PRECOMPUTE in programs) await machine.run({ program: PRECOMPUTE, from: 0, to: 1 });
}
