/**
 * Compiles and runs the expressions of observers.
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import type { Program } from "../../engine/program/program.ts";
import type { Tensors } from "../../nn/mod.ts";
import { batchesOf } from "../batches.ts";
import type { LoadedMachine } from "../passes.ts";
import { type CompileOptions, compileStep } from "../programs.ts";
import { fillSamples } from "../step/inputs.ts";
import type { PredictionOptions } from "../step/step.ts";
import type { Observer, OutputOf } from "./observer.ts";
import { observationStep, type ObservedPass } from "./step.ts";

function programName({ name }: Pick<Observer, "name">): string {
  return `observe.${name}`;
}

function outputName(observer: Pick<Observer, "name">, output: string): string {
  return `${observer.name}.${output}`;
}

/**
 * Compiles an observer's expression. Names of outputs begin with the observer's name, so that they differ
 * from those of all other programs of the machine.
 */
export function observationProgram(
  observer: Pick<Observer, "name">,
  outputsOf: (pass: ObservedPass) => Tensors,
  options: PredictionOptions,
  compileOptions: CompileOptions,
): Readonly<Record<string, Program>> {
  const named = (pass: ObservedPass): Tensors =>
    Object.fromEntries(
      Object.entries(outputsOf(pass)).map(([name, tensor]) => [outputName(observer, name), tensor]),
    );
  return { [programName(observer)]: compileStep(observationStep(options, named), compileOptions) };
}

/** Runs an observer's program on the samples of a split, and returns its outputs. */
export async function runObservation(
  { machine, programs }: LoadedMachine,
  observer: Pick<Observer, "name">,
  { rows, samples: { labels } }: Split,
): Promise<OutputOf> {
  const program = programName(observer);
  const batches = batchesOf(rows.length, rows.length);
  fillSamples(machine, { program: programs[program] }, { rows, labels, batches });
  await machine.run({ program, from: 0, to: 1 });
  return (name) => machine.floats(`out:${outputName(observer, name)}`);
}
