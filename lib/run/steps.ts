/**
 * Series over training steps, as checkpoints and results store them.
 *
 * @module
 */
import { type Field, fieldGroup, tensorField } from "./codec/fields.ts";

/** Series with one element per step since the start of training. */
export interface StepSeries {
  /** Mean loss of the mini-batch, computed before the step. */
  readonly loss: Float32Array<ArrayBuffer>;
  /** Learning rate of the step. */
  readonly learningRate: Float32Array<ArrayBuffer>;
  /** Number of correct predictions in the mini-batch, computed before the step. */
  readonly correct: Float32Array<ArrayBuffer>;
  /** Global norm of the gradient, before clipping. */
  readonly gradientNorm: Float32Array<ArrayBuffer>;
}

/** Group of fields that holds series over steps. */
export const STEPS: Field<StepSeries> = fieldGroup({
  loss: tensorField("F32", ["steps"], "mean loss of the mini-batch before the step"),
  learningRate: tensorField("F32", ["steps"], "learning rate of the step"),
  correct: tensorField("F32", ["steps"], "correct predictions in the mini-batch before the step"),
  gradientNorm: tensorField("F32", ["steps"], "global norm of the gradient"),
});

/** Returns empty series, as before the first step. */
export function emptySteps(): StepSeries {
  const none = new Float32Array();
  return { loss: none, learningRate: none, correct: none, gradientNorm: none };
}

/** Returns the series `before`, continued by the series `more` of the steps that follow. */
export function appendSteps(before: StepSeries, more: StepSeries): StepSeries {
  return {
    loss: concatenateFloats(before.loss, more.loss),
    learningRate: concatenateFloats(before.learningRate, more.learningRate),
    correct: concatenateFloats(before.correct, more.correct),
    gradientNorm: concatenateFloats(before.gradientNorm, more.gradientNorm),
  };
}

/** Returns the concatenation of two arrays of 32-bit numbers. */
export function concatenateFloats(
  before: Float32Array,
  more: Float32Array,
): Float32Array<ArrayBuffer> {
  const all = new Float32Array(before.length + more.length);
  all.set(before);
  all.set(more, before.length);
  return all;
}
