/**
 * Passes over data in batches: compiles a program for whole batches and one for a smaller last batch, runs
 * their steps in order, and evaluates the samples of a split.
 *
 * @module
 */
import type { Split } from "../data/dataset.ts";
import type { Machine, Segment, Spaces } from "../engine/backend.ts";
import type { Program } from "../engine/program/program.ts";
import { scoreOfEvaluation } from "../evaluate/summarize.ts";
import type { Score } from "../evaluate/evaluation.ts";
import { type Batches, divideIntoBatches } from "./batches.ts";
import { writeSampleInputs } from "./step/inputs.ts";

/**
 * Compiles a program for each batch size of a pass: `name` for whole batches, and `name` + "Rest" for the
 * smaller last batch.
 */
export function compilePassPrograms(
  name: string,
  { whole, size, rest }: Batches,
  compileFor: (batch: number) => Program,
): Readonly<Record<string, Program>> {
  return {
    ...(whole > 0 ? { [name]: compileFor(size) } : {}),
    ...(rest > 0 ? { [`${name}Rest`]: compileFor(rest) } : {}),
  };
}

/** A machine, and the programs with which it was opened, by name. */
export interface LoadedMachine {
  readonly machine: Machine;
  readonly programs: Readonly<Record<string, Program>>;
}

/** A sequence of steps over data, each of which runs one program. */
export interface Pass {
  /** Number of steps. */
  readonly steps: number;
  /** Returns the name of the program that a step runs; steps are counted from 0. */
  programOf(step: number): string;
}

/**
 * Returns the pass over batches that runs the programs `name` and `name` + "Rest", as
 * {@linkcode compilePassPrograms} compiles them.
 */
export function batchPass(name: string, { steps, whole }: Batches): Pass {
  return { steps, programOf: (step) => step < whole ? name : `${name}Rest` };
}

/** Consecutive steps of a pass, counted from 0. */
interface StepRange {
  /** First step. Defaults to 0. */
  readonly from?: number | undefined;
  /** Step after the last one. Defaults to the number of steps. */
  readonly to?: number | undefined;
  /** Called before each segment: consecutive steps that run the same program. */
  readonly onSegment?: ((segment: Segment) => void) | undefined;
}

/**
 * Runs the steps of a pass from `from` up to, but not including, `to`, each with its program. Returns `to`, or
 * the first step not run if the machine was stopped.
 */
export async function runSteps(
  machine: Machine,
  { steps, programOf }: Pass,
  { from = 0, to = steps, onSegment }: StepRange = {},
): Promise<number> {
  let at = from;
  while (at < to) {
    const program = programOf(at);
    let end = at + 1;
    while (end < to && programOf(end) === program) end++;
    const segment = { program, from: at, to: end };
    onSegment?.(segment);
    at = await machine.run(segment);
    if (at < end) break; // the machine was stopped
  }
  return at;
}

/** Probabilities and losses of the samples of a split, in the order of its rows. */
export interface SampleResults {
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** Loss of each sample [samples]. */
  readonly losses: Float32Array<ArrayBuffer>;
}

/** Number of samples that one step of an evaluation processes. */
export const EVALUATION_BATCH = 256;

/**
 * Computes the probabilities and the loss of each sample of a split, in the order of its rows.
 *
 * @param programName name by which {@linkcode compilePassPrograms} compiled the evaluation of this split
 * @param classes number of classes
 */
export async function evaluateInBatches(
  { machine, programs }: LoadedMachine,
  programName: string,
  split: Split,
  classes: number,
): Promise<SampleResults> {
  const count = split.rows.length;
  const batches = divideIntoBatches(count, EVALUATION_BATCH);
  writeSampleInputs(machine, programs, { rows: split.rows, labels: split.samples.labels, batches });
  await runSteps(machine, batchPass(programName, batches));
  return {
    probabilities: copyStepEntries(machine, "out:probabilities", count, classes),
    losses: copyStepEntries(machine, "out:loss", count, 1),
  };
}

/**
 * Copies the output that the steps of an evaluation have written to `space`, one entry each, into one array
 * [count, width]: `width` elements for each of `count` samples. Leaves out the padding of the last entry.
 */
function copyStepEntries(
  machine: Spaces,
  space: string,
  count: number,
  width: number,
): Float32Array<ArrayBuffer> {
  const all = new Float32Array(count * width);
  const entries = machine.floats(space);
  const stride = machine.stride(space);
  const perStep = EVALUATION_BATCH * width;
  for (let step = 0; step * perStep < all.length; step++) {
    const length = Math.min(perStep, all.length - step * perStep);
    all.set(entries.subarray(step * stride, step * stride + length), step * perStep);
  }
  return all;
}

/**
 * Computes mean loss and accuracy from the results of each sample and its label. Losses are summed in double
 * precision, in the order of the samples.
 */
export function meanLossAndAccuracy(
  { probabilities, losses }: SampleResults,
  labels: Uint16Array<ArrayBuffer>,
): Score {
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
  return scoreOfEvaluation({ labels, probabilities, loss });
}
