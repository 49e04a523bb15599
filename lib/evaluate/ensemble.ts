import type { Evaluation } from "./evaluation.ts";
import { negativeLogLikelihood } from "./metrics/negative_log_likelihood.ts";

/**
 * Computes the evaluation of an ensemble on a split from those of its members, by averaging their probabilities:
 *
 *   p [samples, classes] = (p₁ + … + pₘ) / m
 *
 * Meier, Cireşan, Gambardella and Schmidhuber, "Better digit recognition with a committee of simple neural nets"
 * (ICDAR 2011). Probabilities are summed in double precision, in the order of the members, and rounded once.
 *
 * The loss is the negative log-likelihood, whatever losses the members were trained with, since an ensemble has
 * probabilities but no logits. Up to rounding, it is at most the mean of the members' negative log-likelihoods,
 * because −log is convex (Jensen's inequality).
 *
 * @param evaluations evaluation of each member on the same split, at least one
 * @throws {TypeError} if members were evaluated on different samples or classes
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
 * Computes the mean over members of their probabilities [samples, classes], summed in the order of the members.
 *
 * @param members probabilities of each member, at least one, all of the same length
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

/** Samples of a split, identified by the row of each in its file, with their labels. */
export type SampleList = Pick<Evaluation, "rows" | "labels">;

/** Returns whether two lists have the same samples in the same order, with the same labels. */
export function areSame(a: SampleList, b: SampleList): boolean {
  return haveEqualValues(a.rows, b.rows) && haveEqualValues(a.labels, b.labels);
}

/** Returns whether two arrays have the same length and equal elements. */
function haveEqualValues(a: Uint32Array | Uint16Array, b: Uint32Array | Uint16Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
