/**
 * Compiles and runs the expressions of observers.
 *
 * @module
 */
import type { Samples, Split } from "../../data/dataset.ts";
import type { Plan, Spaces } from "../../engine/backend.ts";
import type { Program } from "../../engine/program/program.ts";
import type { Tensors } from "../../nn/mod.ts";
import { divideIntoBatches } from "../batches.ts";
import type { LoadedMachine } from "../passes.ts";
import { type CompileOptions, compileStep, storeSplitFeatures } from "../programs.ts";
import { PER_STEP, writeSampleInputs } from "../step/inputs.ts";
import type { PredictionOptions } from "../step/options.ts";
import type { Observer, OutputOf } from "./observer.ts";
import { observationStep, type ObservedPass } from "./step.ts";

/**
 * Returns the name of an observer's program. If the observer has a data set of its own, the data set has this
 * name too.
 */
function observerProgramName({ name }: Pick<Observer, "name">): string {
  return `observe.${name}`;
}

/** Returns the name that an output of an observer has in its program. */
function observerOutputName(observer: Pick<Observer, "name">, output: string): string {
  return `${observer.name}.${output}`;
}

/** An expression of an observer, and the samples on which it is computed. */
interface ObserverExpression {
  readonly observer: Pick<Observer, "name">;
  /** Samples that the observer chose. */
  readonly split: Split;
  /** Builds the outputs by name. */
  outputs(pass: ObservedPass): Tensors;
}

/** Network, loss and data of the machine to which an observer's program is added. */
interface ObservationOptions extends Omit<PredictionOptions, "batch"> {
  /**
   * Data set that `source` reads. If an observer chose samples of another data set, that data set gets a source
   * of its own.
   */
  readonly samples: Samples;
}

/**
 * Compiles the expression of an observer. Its outputs, and its inputs that differ from step to step, get
 * names of their own, so that other programs of the machine do not share their spaces. In a shared space,
 * every training step would need memory for the observer's batch, which may be larger.
 */
export function compileObservation(
  { observer, split, outputs }: ObserverExpression,
  { samples, ...options }: ObservationOptions,
  compileOptions: CompileOptions,
): Required<Pick<Plan, "aliases" | "sources">> & {
  readonly programs: Readonly<Record<string, Program>>;
} {
  const name = observerProgramName(observer);
  const named = (pass: ObservedPass): Tensors =>
    Object.fromEntries(
      Object.entries(outputs(pass)).map((
        [name, tensor],
      ) => [observerOutputName(observer, name), tensor]),
    );
  const own = split.samples === samples
    ? undefined
    : storeSplitFeatures(split, options.normalization, { name });
  const { source = options.source, sources = {} } = own ?? {};
  const step = observationStep({ ...options, source, batch: split.rows.length }, named);
  const program = compileStep(step, compileOptions);
  const spaces = PER_STEP.filter((space) => space in program.spaces);
  return {
    programs: { [name]: program },
    aliases: {
      [name]: Object.fromEntries(spaces.map((space) => [space, observerSpaceName(name, space)])),
    },
    sources,
  };
}

/** Returns the name that replaces the name of a space in an observer's program. */
function observerSpaceName(program: string, space: string): string {
  return `${space}.${program}`;
}

/**
 * Runs an observer's program on the samples for which it was compiled. Returns a function that returns an output
 * by name, until the machine runs the next step.
 */
export async function runObservation(
  { machine, programs }: LoadedMachine,
  observer: Pick<Observer, "name">,
  { rows, samples: { labels } }: Split,
): Promise<OutputOf> {
  const program = observerProgramName(observer);
  const batches = divideIntoBatches(rows.length, rows.length);
  const own: Spaces = {
    layouts: machine.layouts,
    floats: (space) => machine.floats(observerSpaceName(program, space)),
    integers: (space) => machine.integers(observerSpaceName(program, space)),
    stride: (space) => machine.stride(observerSpaceName(program, space)),
  };
  writeSampleInputs(own, { program: programs[program] }, { rows, labels, batches });
  await machine.run({ program, from: 0, to: 1 });
  return (name) => machine.floats(`out:${observerOutputName(observer, name)}`);
}
