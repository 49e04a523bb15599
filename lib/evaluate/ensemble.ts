import type { Evaluation } from "./evaluation.ts";
import { negativeLogLikelihood } from "./metrics/negative_log_likelihood.ts";

/**
 * Averages the evaluations of an ensemble's members on one split: the mean of their probabilities.
 *
 *   p [samples, classes] = (p₁ + … + pₘ) / m
 *
 * Meier, Cireşan, Gambardella and Schmidhuber, "Better digit recognition with a committee of simple
 * neural nets" (ICDAR 2011), whose members are trained on digits normalized in different ways. Sums are in
 * double precision, in the order of the members, and rounded once.
 *
 * The loss is the negative log-likelihood, whatever the members were trained with: an ensemble is a
 * probability without logits. Up to rounding, it is at most the mean of the members' losses, since −log is
 * convex (Jensen's inequality).
 *
 * @param evaluations evaluations of one split by each member, at least one
 * @throws {TypeError} if they differ in samples or classes
 */
export function averageEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const [first, ...others] = evaluations as readonly [Evaluation, ...Evaluation[]];
  const other = others.find((evaluation) =>
    !areSame(first, evaluation) || first.probabilities.length !== evaluation.probabilities.length
  );
  if (other !== undefined) {
    throw new TypeError(
      `Cannot average: expected evaluations of the same samples of "${first.split}" by all members: ` +
        `received other samples from member ${evaluations.indexOf(other) + 1}`,
    );
  }
  const { split, rows, labels } = first;
  const means = meanProbabilities(evaluations.map(({ probabilities }) => probabilities));
  const probabilities = Float32Array.from(means);
  const classes = probabilities.length / labels.length;
  // it is null only without samples, and a split has some
  const loss = negativeLogLikelihood({ labels, probabilities }, classes) as number;
  return { split, rows, labels, probabilities, loss };
}

/**
 * Computes the means of the members' probabilities [samples, classes], summed in the order of the members.
 *
 * @param members at least one, all of one length
 */
export function meanProbabilities(members: readonly Float32Array[]): Float64Array<ArrayBuffer> {
  const means = new Float64Array(members[0].length);
  for (const probabilities of members) {
    for (let i = 0; i < means.length; i++) {
      means[i] = means[i] + probabilities[i];
    }
  }
  return means.map((sum) => sum / members.length);
}

/** Samples, identified by their rows and labels. */
export type SampleList = Pick<Evaluation, "rows" | "labels">;

/** Whether two lists have the same samples in the same order, with the same labels. */
export function areSame(a: SampleList, b: SampleList): boolean {
  return isEqual(a.rows, b.rows) && isEqual(a.labels, b.labels);
}

function isEqual(a: Uint32Array | Uint16Array, b: Uint32Array | Uint16Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
