/**
 * The smallest change found that changes a network's answer: DeepFool (Moosavi-Dezfooli, Fawzi and Frossard,
 * "DeepFool: a simple and accurate method to fool deep neural networks", CVPR 2016). Each step moves the
 * features along the gradient of the difference of two logits, as far as that difference would reach 0 if it
 * were linear. Here the features stay in their range, and a bisection between the sample and the result makes
 * the change as short as that direction allows.
 *
 * @module
 */
import type { Probe } from "./probe.ts";

type Vector = Float32Array<ArrayBuffer>;

/** A change of a sample that changes the answer. */
export interface Change {
  /** The class that is the answer after it. */
  readonly answer: number;
  /** The scaled features after it. */
  readonly features: Vector;
  /** Its Euclidean norm, in scaled features. */
  readonly norm: number;
}

/** Steps towards one class, at most. */
const STEPS = 40;

/** Factor by which a step exceeds the linear estimate. */
const OVERSHOOT = 1.02;

/** Halvings of the way between the sample and the change. */
const HALVINGS = 20;

/**
 * Searches the smallest change by which one of some other classes becomes the answer.
 *
 * @param limits smallest and largest value of each scaled feature; undefined if they have none
 */
export function smallestChange(
  probe: Probe,
  features: Vector,
  { answer, others, limits }: {
    readonly answer: number;
    readonly others: readonly number[];
    readonly limits?: { readonly low: Vector; readonly high: Vector } | undefined;
  },
): Change | undefined {
  const within = (values: Vector) =>
    limits === undefined
      ? values
      : values.map((value, i) => Math.max(limits.low[i], Math.min(limits.high[i], value)));
  const found = others.flatMap((other) => {
    const far = towards(probe, features, { answer, other, within });
    return far === undefined ? [] : [shortened(probe, features, far, answer)];
  });
  return found.sort((a, b) => a.norm - b.norm)[0];
}

/** Moves features until another class is the answer; undefined if that does not happen. */
function towards(
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
    const { logits, features: gradient, moved } = probe.slope(features, weights);
    if (largest(logits) !== answer) return features;
    const direction = moved.map((value, i) => value - features[i]);
    const slope = direction.reduce((sum, each, i) => sum + each * gradient[i], 0);
    if (!(slope > 0)) return undefined;
    const length = OVERSHOOT * (logits[answer] - logits[other]) / slope + 1e-6;
    features = within(features.map((value, i) => value + length * direction[i]));
  }
  return largest(probe.slope(features, weights).logits) === answer ? undefined : features;
}

/** Finds by bisection the change nearest to the start on the way to a change. */
function shortened(probe: Probe, start: Vector, far: Vector, answer: number): Change {
  const weights = new Float32Array(probe.network.outputs);
  const at = (share: number) =>
    start.map((value, i) => Math.fround(value + share * (far[i] - value)));
  const answerAt = (share: number) => largest(probe.slope(at(share), weights).logits);
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

/** Returns the index of the largest number, the first of equals. */
function largest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
