/**
 * Passes over data: which rows each step takes, and programs for whole batches and for the last,
 * smaller one.
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

/** Compiles a program for each size of batch that occurs, under names that {@linkcode runPass} knows. */
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

export interface LoadedMachine {
  readonly machine: Machine;
  readonly programs: Readonly<Record<string, Program>>;
}

export interface Pass {
  readonly steps: number;
  programOf(step: number): string;
}

/** The pass of one program for whole batches and one for the rest, as {@linkcode passPrograms} names them. */
export function passOf(name: string, { steps, whole }: Batches): Pass {
  return { steps, programOf: (step) => step < whole ? name : `${name}Rest` };
}

interface PassOptions {
  readonly from?: number | undefined;
  /** The step before which it ends. */
  readonly to?: number | undefined;
  readonly onSegment?: ((segment: Segment) => void) | undefined;
}

/** Runs steps of a pass, those of one program at a time; returns the step it stopped before. */
export async function runPass(
  machine: Machine,
  { steps, programOf }: Pass,
  { from = 0, to = steps, onSegment }: PassOptions = {},
): Promise<number> {
  let at = from;
  while (at < to) {
    const program = programOf(at);
    let end = at + 1;
    while (end < to && programOf(end) === program) end++;
    const segment = { program, from: at, to: end };
    onSegment?.(segment);
    at = await machine.run(segment);
    if (at < end) break; // it was stopped
  }
  return at;
}

export interface Evaluated {
  /** Probability of each class, row-major [samples, classes]. */
  readonly probabilities: Float32Array<ArrayBuffer>;
  readonly losses: Float32Array<ArrayBuffer>;
}

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
  await runPass(machine, passOf(name, batches));
  return {
    probabilities: gatherEntries(machine, "out:probabilities", count, classes),
    losses: gatherEntries(machine, "out:loss", count, 1),
  };
}

/** Puts the entries of all steps together: so many numbers for each sample. */
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

/** Mean loss and accuracy; the losses are summed in double precision, in the order of the samples. */
export function scoreOf(
  { probabilities, losses }: Evaluated,
  labels: Uint16Array<ArrayBuffer>,
): Score {
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length;
  return scoreOfEvaluation({ labels, probabilities, loss });
}
