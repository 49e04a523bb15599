/**
 * Test-time augmentation: averages predictions over augmented copies of each sample (as Krizhevsky,
 * Sutskever and Hinton, NIPS 2012, section 4.1, average over patches of an image).
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import type { ImageDeformations } from "../../data/augment/mod.ts";
import { type Evaluated, evaluatePass, type LoadedMachine } from "../passes.ts";

/**
 * Options of test-time augmentation. Predictions are averaged over each sample and augmented copies of it;
 * equal seeds give equal copies.
 */
export interface TestTimeAugmentation {
  /** Augmentations of the copies; mixup is not allowed. */
  readonly deformations: ImageDeformations;
  /** Seed of the run. */
  readonly seed: number;
  /** Number of copies of each sample, besides the sample itself. */
  readonly count: number;
}

/** Returns the name of the program that evaluates augmented samples, from that for the samples themselves. */
export function augmentedName(name: string): string {
  return `${name}Augmented`;
}

interface AveragedPass {
  /** Name of the program that evaluates the samples themselves. */
  readonly name: string;
  readonly split: Split;
  readonly classes: number;
  /** Number of copies of each sample; 0 for the samples alone. */
  readonly count: number;
}

/**
 * Evaluates the samples of a split and copies of them, each with its own random numbers. Returns the means
 * of the probabilities and of the losses over each sample and its copies, summed in double precision in
 * the order of the copies. For cross-entropy, the mean loss is at least the loss of the mean probabilities.
 */
export async function evaluateAugmented(
  loaded: LoadedMachine,
  { name, split, classes, count }: AveragedPass,
): Promise<Evaluated> {
  const probabilities = new Float64Array(split.rows.length * classes);
  const losses = new Float64Array(split.rows.length);
  for (let copy = 0; copy <= count; copy++) {
    if (copy > 0) loaded.machine.integers("in:step").fill(copy);
    const program = copy === 0 ? name : augmentedName(name);
    const pass = await evaluatePass(loaded, program, split, classes);
    addTo(probabilities, pass.probabilities);
    addTo(losses, pass.losses);
  }
  return { probabilities: divide(probabilities, count + 1), losses: divide(losses, count + 1) };
}

/** Returns sums / by. `Float32Array.from()` with a function would first list all numbers in V8's heap. */
function divide(sums: Float64Array, by: number): Float32Array<ArrayBuffer> {
  const means = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) means[i] = sums[i] / by;
  return means;
}

function addTo(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i] + values[i];
}
