import type { Evaluation } from "./evaluation.ts";
import { negativeLogLikelihood } from "./metrics/negative_log_likelihood.ts";

/**
 * What an ensemble says of a split: the mean of its members' probabilities of each class.
 *
 *   p [samples, classes] = (p₁ + … + pₘ) / m
 *
 * Meier, Cireşan, Gambardella and Schmidhuber, "Better digit recognition with a committee of simple
 * neural nets" (ICDAR 2011), whose members see digits that are normalised in different ways. Summed in
 * double precision in the order of the members, and rounded once.
 *
 * The loss is the negative log-likelihood, whatever the members were trained with: an ensemble is a
 * probability, and has no output before it. But for rounding it is never above the mean of its members',
 * since −log is convex (Jensen's inequality).
 *
 * @param evaluations of one split by each member, at least one
 * @throws {TypeError} if they are not of the same samples and classes
 */
export function averageEvaluations(evaluations: readonly Evaluation[]): Evaluation {
  const [first, ...others] = evaluations as readonly [Evaluation, ...Evaluation[]];
  const other = others.find((evaluation) =>
    !areSame(first, evaluation) || first.probabilities.length !== evaluation.probabilities.length
  );
  if (other !== undefined) {
    throw new TypeError(
      `Cannot average: expected all members to be asked about the same samples of ` +
        `"${first.split}": received others from member ${evaluations.indexOf(other) + 1}`,
    );
  }
  const { split, rows, labels } = first;
  const means = meanProbabilities(evaluations.map(({ probabilities }) => probabilities));
  const probabilities = Float32Array.from(means);
  const classes = probabilities.length / labels.length;
  // only of no samples there is none, and a split has some
  const loss = negativeLogLikelihood({ labels, probabilities }, classes) as number;
  return { split, rows, labels, probabilities, loss };
}

/**
 * Means of the members' probabilities [samples, classes], summed in the order of the members.
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

/** Which samples something is of. */
export type SampleList = Pick<Evaluation, "rows" | "labels">;

/** Whether two lists name the same samples in the same order, with the same labels. */
export function areSame(a: SampleList, b: SampleList): boolean {
  return isEqual(a.rows, b.rows) && isEqual(a.labels, b.labels);
}

function isEqual(a: Uint32Array | Uint16Array, b: Uint32Array | Uint16Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
