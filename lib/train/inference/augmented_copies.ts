/**
 * Averaging predictions over deformed copies of each sample: test-time augmentation (as Krizhevsky,
 * Sutskever and Hinton, NIPS 2012, section 4.1, average over patches of an image).
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import type { ImageDeformations } from "../../data/augment/mod.ts";
import { type Evaluated, evaluatePass, type LoadedMachine } from "../passes.ts";

/** Copies of each sample that predictions are averaged over, besides the sample itself. */
export interface Copies {
  /** What they are deformed by; mixtures are not among it. */
  readonly deformations: ImageDeformations;
  /** Seed of the run: the same copies are made each time. */
  readonly seed: number;
  /** How many. */
  readonly count: number;
}

export function deformedName(name: string): string {
  return `${name}Deformed`;
}

interface AveragedPass {
  /** Name of the program that evaluates the samples as they are; see {@linkcode deformedName}. */
  readonly name: string;
  readonly split: Split;
  readonly classes: number;
  /** Number of copies; 0 for the samples alone. */
  readonly count: number;
}

/**
 * Evaluates the samples of a split and copies of them, of which each has other random numbers: the means
 * of the probabilities, and of the losses, over the sample and its copies, summed in double precision in
 * the order of the copies. The mean loss is no smaller than that of the mean probabilities is.
 */
export async function evaluateCopies(
  loaded: LoadedMachine,
  { name, split, classes, count }: AveragedPass,
): Promise<Evaluated> {
  const probabilities = new Float64Array(split.rows.length * classes);
  const losses = new Float64Array(split.rows.length);
  for (let copy = 0; copy <= count; copy++) {
    if (copy > 0) loaded.machine.integers("in:step").fill(copy);
    const program = copy === 0 ? name : deformedName(name);
    const pass = await evaluatePass(loaded, program, split, classes);
    addTo(probabilities, pass.probabilities);
    addTo(losses, pass.losses);
  }
  return { probabilities: divide(probabilities, count + 1), losses: divide(losses, count + 1) };
}

/** Returns sums divided by a number. `Float32Array.from()` with a function would list all in V8's heap. */
function divide(sums: Float64Array, by: number): Float32Array<ArrayBuffer> {
  const means = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) means[i] = sums[i] / by;
  return means;
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i] + values[i];
}
