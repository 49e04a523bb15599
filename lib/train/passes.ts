/**
 * Passes over data in batches: programs for whole batches and for the last, smaller one, running their
 * steps in order, and evaluation of all samples of a split.
 *
 * @module
 */
import type { Split } from "../data/dataset.ts";
import type { Machine, Segment, Spaces } from "../engine/backend.ts";
import type { Program } from "../engine/program/program.ts";
import { scoreOfEvaluation } from "../evaluate/summarize.ts";
import type { Score } from "../evaluate/evaluation.ts";
import { type Batches, batchesOf } from "./batches.ts";
import { fillSamples } from "./step/inputs.ts";

/** Compiles a program for each batch size that occurs: `name`, and `name` + "Rest" for the last batch. */
export function passPrograms(
  name: string,
  { whole, size, rest }: Batches,
  compileFor: (batch: number) => Program,
): Readonly<Record<string, Program>> {
  return {
    ...(whole > 0 ? { [name]: compileFor(size) } : {}),
    ...(rest > 0 ? { [`${name}Rest`]: compileFor(rest) } : {}),
  };
}

/** A machine, and the programs that it was opened with. */
export interface LoadedMachine {
  readonly machine: Machine;
  readonly programs: Readonly<Record<string, Program>>;
}

/** A sequence of steps, each of which runs a program. */
export interface Pass {
  /** Number of steps. */
  readonly steps: number;
  /** Returns the name of the program that a step runs. */
  programOf(step: number): string;
}

/** Returns the pass over batches that runs the programs of {@linkcode passPrograms}. */
export function passOf(name: string, { steps, whole }: Batches): Pass {
  return { steps, programOf: (step) => step < whole ? name : `${name}Rest` };
}

interface StepRange {
  /** First step. Defaults to 0. */
  readonly from?: number | undefined;
  /** Step before which to end. Defaults to the number of steps. */
  readonly to?: number | undefined;
  /** Called before each segment, the consecutive steps of one program. */
  readonly onSegment?: ((segment: Segment) => void) | undefined;
}

/**
 * Runs steps `from` to `to` of a pass, switching programs where the batch size changes. Returns `to`, or
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

/** Probabilities and losses of samples. */
export interface Evaluated {
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  /** Loss of each sample [samples]. */
  readonly losses: Float32Array<ArrayBuffer>;
}

/** Samples in a step of an evaluation. */
export const EVALUATION_BATCH = 256;

/** Evaluates the samples of a split, in the order of its rows. */
export async function evaluatePass(
  { machine, programs }: LoadedMachine,
  name: string,
  split: Split,
  classes: number,
): Promise<Evaluated> {
  const count = split.rows.length;
  const batches = batchesOf(count, EVALUATION_BATCH);
  fillSamples(machine, programs, { rows: split.rows, labels: split.samples.labels, batches });
  await runSteps(machine, passOf(name, batches));
  return {
    probabilities: gatherEntries(machine, "out:probabilities", count, classes),
    losses: gatherEntries(machine, "out:loss", count, 1),
  };
}

/** Copies the entries of all steps into one array [count, width], leaving out their padding. */
function gatherEntries(
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

/** Computes mean loss and accuracy; losses are summed in double precision, in the order of the samples. */
export function scoreOf(
  { probabilities, losses }: Evaluated,
  labels: Uint16Array<ArrayBuffer>,
): Score {
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
  return scoreOfEvaluation({ labels, probabilities, loss });
}
