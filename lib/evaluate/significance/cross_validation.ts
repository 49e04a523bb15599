import type { Evaluation } from "../evaluation.ts";

/**
 * Joins the evaluations of a cross-validation, each on the samples held out of its own training, into one:
 * in the order of the folds, with the mean loss over all samples (Stone, "Cross-validatory choice and
 * assessment of statistical predictions", JRSS B 36(2), 1974).
 *
 * @param folds evaluations of disjoint samples of one split, with the same classes, at least one
 * @throws {TypeError} if a sample is in two of them
 */
export function joinFolds(folds: readonly Evaluation[]): Evaluation {
  const { split } = folds[0];
  const samples = folds.reduce((sum, { rows }) => sum + rows.length, 0);
  const rows = joined(folds.map(({ rows }) => rows), new Uint32Array(samples));
  if (new Set(rows).size < rows.length) {
    throw new TypeError(
      `Cannot join folds: expected each sample of "${split}" in one of them: received some twice`,
    );
  }
  const losses = folds.map(({ loss, rows }) => loss * rows.length);
  return {
    split,
    rows,
    labels: joined(folds.map(({ labels }) => labels), new Uint16Array(samples)),
    probabilities: joined(
      folds.map(({ probabilities }) => probabilities),
      new Float32Array(folds.reduce((sum, { probabilities }) => sum + probabilities.length, 0)),
    ),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / rows.length,
  };
}

/** Concatenates arrays; a list of all their numbers would take many times as much memory. */
function joined<Values extends Uint16Array | Uint32Array | Float32Array>(
  parts: readonly ArrayLike<number>[],
  all: Values,
): Values {
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
