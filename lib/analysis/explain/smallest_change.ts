/**
 * Searches for the smallest change of a sample after which a network predicts another class, by DeepFool
 * (Moosavi-Dezfooli, Fawzi and Frossard, "DeepFool: a simple and accurate method to fool deep neural networks", CVPR
 * 2016). Each step moves the features along the gradient of the difference of two logits, by the length after which
 * this difference would be 0 if it were linear. Unlike in the paper, features stay in their range, and a bisection
 * between the sample and the result shortens the change.
 *
 * @module
 */
import type { Probe } from "./probe.ts";

type Vector = Float32Array<ArrayBuffer>;

/** A change of a sample after which a network predicts another class. */
export interface SampleChange {
  /** Index of the class that is predicted after the change. */
  readonly answer: number;
  /** Scaled features after the change [features]. */
  readonly features: Vector;
  /** Euclidean norm of the difference between the scaled features before and after the change. */
  readonly norm: number;
}

/** Largest number of steps towards one class. */
const STEPS = 40;

/** Factor by which a step is longer than the linear estimate. */
const OVERSHOOT = 1.02;

/** Number of steps of the bisection between the sample and the changed sample. */
const HALVINGS = 20;

/**
 * Searches for the smallest change of a sample's features after which the network predicts another class.
 * Returns undefined if none is found.
 *
 * @param features scaled features of the sample
 * @param answer index of the class that is predicted for the sample
 * @param others indices of the classes towards which the sample is changed
 * @param limits smallest and largest value of each scaled feature; undefined if features are unlimited
 */
export function findSmallestChange(
  probe: Probe,
  features: Vector,
  { answer, others, limits }: {
    readonly answer: number;
    readonly others: readonly number[];
    readonly limits?: { readonly low: Vector; readonly high: Vector } | undefined;
  },
): SampleChange | undefined {
  const within = (values: Vector) =>
    limits === undefined
      ? values
      : values.map((value, i) => Math.max(limits.low[i], Math.min(limits.high[i], value)));
  const found = others.flatMap((other) => {
    const far = moveTowardsClass(probe, features, { answer, other, within });
    return far === undefined ? [] : [shortenChange(probe, features, far, answer)];
  });
  return found.sort((a, b) => a.norm - b.norm)[0];
}

/**
 * Moves features towards class `other` until another class than `answer` is predicted. Returns undefined if the
 * prediction does not change within {@linkcode STEPS} steps.
 *
 * @param start scaled features of the sample
 * @param within limits features to their range
 */
function moveTowardsClass(
  probe: Probe,
  start: Vector,
  { answer, other, within }: {
    readonly answer: number;
    readonly other: number;
    readonly within: (values: Vector) => Vector;
  },
): Vector | undefined {
  const weights = new Float32Array(probe.network.outputs);
  weights[other] = 1;
  weights[answer] = -1;
  let features = start;
  for (let step = 0; step < STEPS; step++) {
    const { logits, features: gradient, moved } = probe.logitGradients(features, weights);
    if (indexOfLargest(logits) !== answer) return features;
    const direction = moved.map((value, i) => value - features[i]);
    const slope = direction.reduce((sum, each, i) => sum + each * gradient[i], 0);
    if (!(slope > 0)) return undefined;
    const length = OVERSHOOT * (logits[answer] - logits[other]) / slope + 1e-6;
    features = within(features.map((value, i) => value + length * direction[i]));
  }
  return indexOfLargest(probe.logitGradients(features, weights).logits) === answer
    ? undefined
    : features;
}

/**
 * Shortens a change by bisection between `start`, for which the network predicts `answer`, and `far`, for which
 * it predicts another class.
 */
function shortenChange(probe: Probe, start: Vector, far: Vector, answer: number): SampleChange {
  const weights = new Float32Array(probe.network.outputs);
  const at = (share: number) =>
    start.map((value, i) => Math.fround(value + share * (far[i] - value)));
  const answerAt = (share: number) =>
    indexOfLargest(probe.logitGradients(at(share), weights).logits);
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (answerAt(middle) === answer) low = middle;
    else high = middle;
  }
  const features = at(high);
  const squares = features.map((value, i) => (value - start[i]) * (value - start[i]));
  const norm = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
  return { answer: answerAt(high), features, norm };
}

/** Returns the index of the largest number, the first one if several are equal. */
function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
