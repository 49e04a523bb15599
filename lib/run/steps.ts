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
  return {
    loss: append(before.loss, more.loss),
    learningRate: append(before.learningRate, more.learningRate),
    correct: append(before.correct, more.correct),
    gradientNorm: append(before.gradientNorm, more.gradientNorm),
  };
}

/** Returns the elements of a series and those of another behind them. */
export function append(before: Float32Array, more: Float32Array): Float32Array<ArrayBuffer> {
  const all = new Float32Array(before.length + more.length);
  all.set(before);
  all.set(more, before.length);
  return all;
}
