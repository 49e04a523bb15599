import type { Evaluation } from "../evaluation.ts";

/**
 * What the networks of a cross-validation say, each of the samples that were held out of its own
 * training, as one evaluation: in the order of the folds, the loss being the mean over all samples
 * (Stone, "Cross-validatory choice and assessment of statistical predictions", JRSS B 36(2), 1974).
 *
 * @param folds evaluations of other samples of one part and with the same classes, at least one
 * @throws {TypeError} if a sample is in two of them
 */
export function joinFolds(folds: readonly Evaluation[]): Evaluation {
  const { part } = folds[0];
  const rows = Uint32Array.from(folds.flatMap(({ rows }) => [...rows]));
  if (new Set(rows).size < rows.length) {
    throw new TypeError(
      `Cannot join folds: expected each sample of "${part}" in one of them: received some twice`,
    );
  }
  const losses = folds.map(({ loss, rows }) => loss * rows.length);
  return {
    part,
    rows,
    labels: Uint16Array.from(folds.flatMap(({ labels }) => [...labels])),
    probabilities: Float32Array.from(folds.flatMap(({ probabilities }) => [...probabilities])),
    loss: losses.reduce((sum, loss) => sum + loss, 0) / rows.length,
  };
}
