/**
 * What is recorded of each step, in checkpoints and in results.
 *
 * @module
 */
import { type Field, group, tensor } from "./codec/fields.ts";

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

export const STEPS: Field<StepSeries> = group({
  loss: tensor("F32", ["steps"], "mean loss of the mini-batch, before the step"),
  learningRate: tensor("F32", ["steps"], "learning rate of the step"),
  correct: tensor("F32", ["steps"], "right predictions in the mini-batch, before the step"),
  gradientNorm: tensor("F32", ["steps"], "global norm of the gradient"),
});

export function noSteps(): StepSeries {
  const none = new Float32Array();
  return { loss: none, learningRate: none, correct: none, gradientNorm: none };
}

export function appendSteps(before: StepSeries, more: StepSeries): StepSeries {
  const both = (name: keyof StepSeries) => {
    const all = new Float32Array(before[name].length + more[name].length);
    all.set(before[name]);
    all.set(more[name], before[name].length);
    return all;
  };
  return {
    loss: both("loss"),
    learningRate: both("learningRate"),
    correct: both("correct"),
    gradientNorm: both("gradientNorm"),
  };
}
