/**
 * Compiles and runs the expressions of observers.
 *
 * @module
 */
import type { Samples, Split } from "../../data/dataset.ts";
import type { Plan, Spaces } from "../../engine/backend.ts";
import type { Program } from "../../engine/program/program.ts";
import type { Tensors } from "../../nn/mod.ts";
import { batchesOf } from "../batches.ts";
import type { LoadedMachine } from "../passes.ts";
import { type CompileOptions, compileStep, sourceOf } from "../programs.ts";
import { fillSamples, PER_STEP } from "../step/inputs.ts";
import type { PredictionOptions } from "../step/options.ts";
import type { Observer, OutputOf } from "./observer.ts";
import { observationStep, type ObservedPass } from "./step.ts";

/** Name of an observer's program, and of the source of samples of its own. */
function programName({ name }: Pick<Observer, "name">): string {
  return `observe.${name}`;
}

function outputName(observer: Pick<Observer, "name">, output: string): string {
  return `${observer.name}.${output}`;
}

/** An expression of an observer, and the samples on which it is computed. */
interface Observation {
  readonly observer: Pick<Observer, "name">;
  readonly split: Split;
  outputs(pass: ObservedPass): Tensors;
}

interface ObservationOptions extends Omit<PredictionOptions, "batch"> {
  /** The samples of `source`; others have a source of their own. */
  readonly samples: Samples;
}

/**
 * Compiles an observer's expression. Names of outputs begin with the observer's name, so that they differ
 * from those of all other programs of the machine. So do the inputs that differ from step to step: the
 * observer's batch may be larger, and each step of training would need memory for as many rows.
 */
export function observationProgram(
  { observer, split, outputs }: Observation,
  { samples, ...options }: ObservationOptions,
  compileOptions: CompileOptions,
): Required<Pick<Plan, "aliases" | "sources">> & {
  readonly programs: Readonly<Record<string, Program>>;
} {
  const name = programName(observer);
  const named = (pass: ObservedPass): Tensors =>
    Object.fromEntries(
      Object.entries(outputs(pass)).map(([name, tensor]) => [outputName(observer, name), tensor]),
    );
  const own = split.samples === samples
    ? undefined
    : sourceOf(split, options.normalization, { name });
  const { source = options.source, sources = {} } = own ?? {};
  const step = observationStep({ ...options, source, batch: split.rows.length }, named);
  const program = compileStep(step, compileOptions);
  const spaces = PER_STEP.filter((space) => space in program.spaces);
  return {
    programs: { [name]: program },
    aliases: {
      [name]: Object.fromEntries(spaces.map((space) => [space, spaceNameOf(name, space)])),
    },
    sources,
  };
}

function spaceNameOf(program: string, space: string): string {
  return `${space}.${program}`;
}

/** Runs an observer's program on its samples, and returns its outputs. */
export async function runObservation(
  { machine, programs }: LoadedMachine,
  observer: Pick<Observer, "name">,
  { rows, samples: { labels } }: Split,
): Promise<OutputOf> {
  const program = programName(observer);
  const batches = batchesOf(rows.length, rows.length);
  const own: Spaces = {
    layouts: machine.layouts,
    floats: (space) => machine.floats(spaceNameOf(program, space)),
    integers: (space) => machine.integers(spaceNameOf(program, space)),
    stride: (space) => machine.stride(spaceNameOf(program, space)),
  };
  fillSamples(own, { program: programs[program] }, { rows, labels, batches });
  await machine.run({ program, from: 0, to: 1 });
  return (name) => machine.floats(`out:${outputName(observer, name)}`);
}
