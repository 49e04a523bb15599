import type { Evaluation } from "../evaluation.ts";

/**
 * Joins the evaluations of the folds of a cross-validation into one evaluation of all samples (Stone,
 * "Cross-validatory choice and assessment of statistical predictions", JRSS B 36(2), 1974). Samples are in the order
 * of the folds; the loss is the mean over all samples.
 *
 * @param folds evaluation of each fold's network on its held-out samples, at least one, all with the same classes
 * @throws {TypeError} if a sample is in two folds
 */
export function joinFolds(folds: readonly Evaluation[]): Evaluation {
  const { split } = folds[0];
  const samples = folds.reduce((sum, { rows }) => sum + rows.length, 0);
  const rows = concatenate(folds.map(({ rows }) => rows), new Uint32Array(samples));
  if (new Set(rows).size < rows.length) {
    throw new TypeError(
      `Cannot join folds: expected each sample of "${split}" in one of them: received some twice`,
    );
  }
  const losses = folds.map(({ loss, rows }) => loss * rows.length);
  return {
    split,
    rows,
    labels: concatenate(folds.map(({ labels }) => labels), new Uint16Array(samples)),
    probabilities: concatenate(
      folds.map(({ probabilities }) => probabilities),
      new Float32Array(folds.reduce((sum, { probabilities }) => sum + probabilities.length, 0)),
    ),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / rows.length,
  };
}

/**
 * Copies arrays, one after the other, into `target`, and returns `target`.
 *
 * @param target typed array as long as all parts together
 */
function concatenate<Values extends Uint16Array | Uint32Array | Float32Array>(
  parts: readonly ArrayLike<number>[],
  target: Values,
): Values {
  let at = 0;
  for (const part of parts) {
    target.set(part, at);
    at += part.length;
  }
  return target;
}
