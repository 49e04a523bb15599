/**
 * What is recorded of each step, in checkpoints and in results:
 *
 *     steps.loss, steps.learningRate, steps.correct, steps.gradientNorm    F32 [steps]
 *
 * @module
 */
import type { Safetensors, StoredTensor } from "./safetensors.ts";
import { takeTensor } from "./take.ts";

/** Series over the steps since the start, an element for each. */
export interface StepSeries {
  /** Mean loss of the mini-batch, before the step. */
  readonly loss: Float32Array<ArrayBuffer>;
  /** Learning rate of the step. */
  readonly learningRate: Float32Array<ArrayBuffer>;
  /** Right predictions in the mini-batch, before the step. */
  readonly correct: Float32Array<ArrayBuffer>;
  /** Length of the gradient. */
  readonly gradientNorm: Float32Array<ArrayBuffer>;
}

/** The series that an expression gives for each of their names. */
export function eachSeries(
  of: (name: keyof StepSeries) => Float32Array<ArrayBuffer>,
): StepSeries {
  return {
    loss: of("loss"),
    learningRate: of("learningRate"),
    correct: of("correct"),
    gradientNorm: of("gradientNorm"),
  };
}

/** The series before the first step. */
export function noSteps(): StepSeries {
  return eachSeries(() => new Float32Array());
}

/** One series after the other. */
export function appendSteps(before: StepSeries, more: StepSeries): StepSeries {
  return eachSeries((name) => {
    const all = new Float32Array(before[name].length + more[name].length);
    all.set(before[name]);
    all.set(more[name], before[name].length);
    return all;
  });
}

/** The series as tensors of a file. */
export function stepTensors(steps: StepSeries): readonly (readonly [string, StoredTensor])[] {
  return Object.entries(eachSeries((name) => steps[name])).map(([name, data]) => [
    `steps.${name}`,
    { shape: [steps.loss.length], data },
  ]);
}

/**
 * The series in a file.
 *
 * @param count number of steps, if it is known
 * @throws {SyntaxError} if one is missing, or they are not of one length
 */
export function takeSteps(file: Safetensors, what: string, count?: number): StepSeries {
  const length = count ?? file.tensors.get("steps.loss")?.data.length;
  return eachSeries((name) =>
    takeTensor(file, { name: `steps.${name}`, type: Float32Array, shape: [length] }, what).data
  );
}
