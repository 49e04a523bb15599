/**
 * Programs that compute the expressions of observers.
 *
 * @module
 */

import type { Part } from "../../data/dataset.ts";
import type { Program } from "../../engine/program/program.ts";
import type { Machine } from "../../engine/backend.ts";
import type { Tensors } from "../../nn/mod.ts";
import { batchesOf, fillLabels, fillRows } from "../passes.ts";
import { type CompileOptions, compileStep } from "../programs.ts";
import type { PredictionOptions } from "../step/step.ts";
import type { Observer, OutputOf } from "./observer.ts";
import { observationStep, type ObservedPass } from "./step.ts";

function programName({ name }: Pick<Observer, "name">): string {
  return `observe.${name}`;
}

function outputName(observer: Pick<Observer, "name">, output: string): string {
  return `${observer.name}.${output}`;
}

/** Compiles an observer's expression; its outputs have names that no other program's have. */
export function observationProgram(
  observer: Pick<Observer, "name">,
  outputsOf: (pass: ObservedPass) => Tensors,
  options: PredictionOptions,
  how: CompileOptions,
): Readonly<Record<string, Program>> {
  const named = (pass: ObservedPass): Tensors =>
    Object.fromEntries(
      Object.entries(outputsOf(pass)).map(([name, tensor]) => [outputName(observer, name), tensor]),
    );
  return { [programName(observer)]: compileStep(observationStep(options, named), how) };
}

export async function runObservation(
  machine: Machine,
  programs: Readonly<Record<string, Program>>,
  observer: Pick<Observer, "name">,
  part: Part,
): Promise<OutputOf> {
  const program = programName(observer);
  const batches = batchesOf(part.rows.length, part.rows.length);
  fillRows(machine, part.rows, batches);
  if ("in:labels" in programs[program].spaces) fillLabels(machine, part, part.rows, batches);
  await machine.run({ program, from: 0, to: 1 });
  return (name) => machine.floats(`out:${outputName(observer, name)}`);
}
