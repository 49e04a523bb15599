/**
 * Test-time augmentation: averages predictions over augmented copies of each sample (as Krizhevsky,
 * Sutskever and Hinton, NIPS 2012, section 4.1, average over patches of an image).
 *
 * @module
 */
import type { Split } from "../../data/dataset.ts";
import type { ImageDeformations } from "../../data/augment/mod.ts";
import { evaluateInBatches, type LoadedMachine, type SampleResults } from "../passes.ts";

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

/**
 * Returns the name of the program that evaluates augmented copies of samples. `name` is the program that
 * evaluates the samples themselves.
 */
export function augmentedProgramName(name: string): string {
  return `${name}Augmented`;
}

/** The samples to evaluate, and the number of augmented copies over which to average. */
interface AugmentedEvaluation {
  /** Name of the program that evaluates the samples themselves. */
  readonly name: string;
  readonly split: Split;
  /** Number of classes. */
  readonly classes: number;
  /** Number of copies of each sample; 0 for the samples alone. */
  readonly count: number;
}

/**
 * Evaluates the samples of a split and augmented copies of them, each copy with its own random numbers.
 * Returns for each sample the mean probabilities and the mean loss over the sample and its copies. Means
 * are summed in double precision in the order of the copies. For cross-entropy, the mean loss is at least
 * the loss of the mean probabilities.
 */
export async function evaluateAugmented(
  loaded: LoadedMachine,
  { name, split, classes, count }: AugmentedEvaluation,
): Promise<SampleResults> {
  const probabilities = new Float64Array(split.rows.length * classes);
  const losses = new Float64Array(split.rows.length);
  for (let copy = 0; copy <= count; copy++) {
    if (copy > 0) loaded.machine.integers("in:step").fill(copy);
    const program = copy === 0 ? name : augmentedProgramName(name);
    const pass = await evaluateInBatches(loaded, program, split, classes);
    addElements(probabilities, pass.probabilities);
    addElements(losses, pass.losses);
  }
  return {
    probabilities: divideElements(probabilities, count + 1),
    losses: divideElements(losses, count + 1),
  };
}

/**
 * Divides each element by a number, and rounds to single precision. Uses a loop, since `Float32Array.from()` with
 * a function would first allocate a list of all numbers.
 */
function divideElements(sums: Float64Array, divisor: number): Float32Array<ArrayBuffer> {
  const means = new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i++) means[i] = sums[i] / divisor;
  return means;
}

/** Adds `values` to `sums` in place, element by element. */
function addElements(sums: Float64Array, values: Float32Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] = sums[i] + values[i];
}
