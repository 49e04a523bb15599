import type { Normalization, Split } from "../data/dataset.ts";
import { constantsOf, deformedRows, type ImageDeformations } from "../data/augment/mod.ts";
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
  averageName,
  evaluationStep,
  initialState,
  type Step,
  type TrainingOptions,
  trainingStep,
} from "./step/step.ts";
import { numberInput } from "./step/inputs.ts";

interface Source {
  /** The tensor that rows are taken from. */
  readonly source: Tensor;
  /** How they are stored; part of the model. */
  readonly encoding: Encoding;
  /** The features by the tensor's name, as a machine takes them. */
  readonly sources: Readonly<Record<string, StoredFeatures>>;
}

interface SourceOptions {
  /** What programs call them; "features" if not given. */
  readonly name?: string;
  /** The encoding; the one that suits them if not given. */
  readonly encoding?: Encoding;
}

export function sourceOf(
  { samples: { values, shape } }: Split,
  { scale }: Normalization,
  { name = "features", encoding: given }: SourceOptions = {},
): Source {
  const stored = storeFeatures(values, sizeOf(shape), scale, given);
  const { features, encoding } = stored;
  return { source: source(name, features, encoding), encoding, sources: { [name]: stored } };
}

export type CompileOptions = Pick<CompilerSource, "layouts" | "check" | "densePanels">;

/** Compiles a step, sparse rows kept sparse. */
export function compileStep(
  { outputs, state, origins }: Step,
  options: CompileOptions = {},
): Program {
  const tagged = {
    ...Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [`o.${name}`, tensor])),
    ...Object.fromEntries(Object.entries(state).map(([name, tensor]) => [`s.${name}`, tensor])),
  };
  const sparse = keepSparse(tagged, origins);
  const part = (prefix: string) =>
    Object.fromEntries(
      Object.entries(sparse.outputs)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
    );
  return compile({ outputs: part("o."), state: part("s."), origins: sparse.origins, ...options });
}

interface TrainingPrograms {
  /**
   * The training steps: "step" of whole batches, "stepRest" of the last, smaller one, and "accumulate"
   * where several batches make up an update.
   */
  readonly steps: Readonly<Record<string, Program>>;
  /** All programs: the steps, those of validation, and the one that draws the first state. */
  readonly programs: Readonly<Record<string, Program>>;
  /** Spaces that stand for others in a program: what is drawn is drawn where steps read it. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly state: readonly string[];
  /** Layouts of the inputs that programs share. */
  readonly layouts: Layouts;
}

interface TrainingSizes {
  readonly train: Batches;
  readonly validation: Batches;
}

export function isTrainingStep(name: string): boolean {
  return ["step", "stepRest", "accumulate"].includes(name);
}

/** Compiles the programs of a training; `check` is for `findFault`. */
export function trainingPrograms(
  options: Omit<TrainingOptions, "batch" | "deform"> & Deforming,
  { train, validation }: TrainingSizes,
  { check = false, densePanels = true }: Omit<CompileOptions, "layouts">,
): TrainingPrograms {
  const how = { check, densePanels };
  const learning = { ...options, deform: deformFor(options, options.seed, "train") };
  const once = constantPrograms(options, options.seed);
  const updating = passPrograms(
    "step",
    train,
    (batch) => compileStep(trainingStep({ ...learning, batch }), how),
  );
  const layouts: Layouts = Object.assign(
    {},
    ...Object.values(updating).map(({ layouts }) => layouts),
  );
  const adding = () =>
    compileStep(accumulationStep({ ...learning, batch: train.size }), { ...how, layouts });
  const accumulates = options.accumulates === true && train.whole > 0;
  const steps = { ...updating, ...(accumulates ? { accumulate: adding() } : {}) };
  const first = initialState(options);
  const state = Object.keys(first);
  const validate = (name: string) =>
    passPrograms(
      name,
      validation,
      (batch) => compileStep(evaluationStep({ ...options, batch }), { layouts, densePanels }),
    );
  const means = options.averages === true ? validate("validateAverage") : {};
  const meanOf = spacesByName(averagedNames(options), (name) => `in:${averageName(name)}`);
  return {
    steps,
    programs: {
      ...steps,
      ...validate("validate"),
      ...means,
      initialize: compile({ outputs: first }),
      ...once.programs,
    },
    aliases: {
      initialize: whereRead(state),
      ...once.aliases,
      ...Object.fromEntries(Object.keys(means).map((name) => [name, meanOf])),
    },
    state,
    layouts,
  };
}

function whereRead(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`out:${name}`, `in:${name}`]));
}

function spacesByName(
  names: readonly string[],
  other: (name: string) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [`in:${name}`, other(name)]));
}

interface Deforming {
  readonly deformations?: ImageDeformations | undefined;
}

/** How the batches of a step are deformed: by the number in the input "step". */
export function deformFor(
  { deformations }: Deforming,
  seed: number,
  purpose: "train" | "evaluate",
): TrainingOptions["deform"] {
  if (deformations === undefined) return undefined;
  return (x, samples) =>
    deformedRows(deformations, x, { seed, purpose, samples, step: numberInput("step") });
}

/** Name of the program that makes what deformations have made once, if any has. */
const CONSTANTS = "constants";

export function constantPrograms(
  { deformations }: Deforming,
  seed: number,
): Pick<TrainingPrograms, "programs" | "aliases"> {
  const outputs = deformations === undefined ? {} : constantsOf(deformations, seed);
  const names = Object.keys(outputs);
  if (names.length === 0) return { programs: {}, aliases: {} };
  return {
    programs: { [CONSTANTS]: compile({ outputs }) },
    aliases: { [CONSTANTS]: whereRead(names) },
  };
}

/** Has a machine make what its programs read all along. */
export async function makeConstants(
  machine: Pick<Machine, "run">,
  programs: TrainingPrograms["programs"],
): Promise<void> {
  if (CONSTANTS in programs) await machine.run({ program: CONSTANTS, from: 0, to: 1 });
}
